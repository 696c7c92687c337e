import { Outcome } from "./outcome";
import { Results } from "./report";
import { broken, Scenario } from "./scenario";

const START = "<!-- results -->";
const END = "<!-- /results -->";

/** The page with the table of results between its marks; what is written by hand around them stays. */
export function pageWithResults(page: string, scenarios: Scenario[], results: Results): string {
    const [from, to] = [page.indexOf(START), page.indexOf(END)];
    if (from < 0 || to < from) {
        throw new Error(`docs/reliability.md has no ${START} followed by ${END}: the table of results goes there.`);
    }
    return `${page.slice(0, from + START.length)}\n\n${table(scenarios, results)}\n\n${page.slice(to)}`;
}

const HEAD = ["Fault", "Promised", "Calls", "Failed", "Longest gap", "What callers saw", "In the same run", "Command"];

/** A row a scenario, in the scenarios' order. */
export function table(scenarios: Scenario[], results: Results): string {
    const rows = scenarios.map((scenario) => {
        const { name, what, promised } = scenario;
        const result = results[name];
        const command = `\`npm run chaos -- ${name}\``;
        if (!result) {
            return [what, promised.text, "not measured yet", "", "", "", "", command];
        }
        const { ours, alternatives = {}, findings = {} } = result;
        const isBroken = broken(promised, result).length > 0;
        return [
            what,
            isBroken ? `${promised.text}: **missed**` : promised.text,
            number(ours.calls),
            number(ours.failed),
            `${ours.longestGap} s`,
            [seen(ours), ...Object.entries(findings).map(([name, value]) => `${name}: ${value}`)].join("; "),
            Object.entries(alternatives)
                .filter(([, outcome]) => outcome.calls > 0)
                .map(([name, outcome]) => `${name}: ${number(outcome.failed)} of ${number(outcome.calls)} failed`)
                .join("; "),
            command,
        ];
    });
    return [HEAD, HEAD.map(() => "---"), ...rows].map(line).join("\n");
}

/** What callers saw instead of answers, the most frequent first, and how long calls took. */
export function seen({ calls, failed, failures, failing, slowest, slowestFailure }: Outcome): string {
    const most = Object.entries(failures).sort(([, one], [, other]) => other - one);
    return [
        ...most.map(([what, count]) => `${number(count)} × ${what}`),
        // If none was answered, they failed for as long as the load.
        ...(failed > 0 && failed < calls ? [`failing for ${failing} s`] : []),
        ...(slowestFailure > 0 ? [`slowest failure ${slowestFailure} s`] : []),
        ...(failed < calls ? [`slowest answer ${slowest} s`] : []),
    ].join("; ");
}

const number = (value: number) => value.toLocaleString("en-US");

const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
