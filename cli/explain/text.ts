import { Terminal } from "../terminal";
import { Explanation } from "./explainCall";
import { Step } from "./snapshot";

const MARKS = { right: "✔", wrong: "✖", unknown: "?" };

/** The steps for a person, and the conclusion last. */
export function explanationText({ steps, wrong }: Explanation, colors: Terminal["colors"]): string {
    const colored = { right: colors.green, wrong: colors.red, unknown: colors.yellow };
    const line = ({ title, result, seen }: Step) =>
        `${colored[result](MARKS[result])} ${colors.bold(title)}\n    ${seen}`;
    const end = wrong
        ? [`${colors.bold("Fix:")} ${wrong.fix ?? "see above"}.`, ...(wrong.command ? [`    ${wrong.command}`] : [])]
        : ["No problem was found in what could be read."];
    return [...steps.map(line), "", ...end].join("\n");
}
