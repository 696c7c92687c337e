import { describeRef } from "../../review/rawObject";
import { FileProblem, STDIN } from "../input/readFiles";
import { Outcome } from "./outcome";

/** A workflow command a finding, which GitHub shows at the line of the file in a pull request. */
export function githubOutput({ findings, locate }: Outcome): string {
    return findings
        .map((finding) => {
            const { severity, rule, object, path, message, url } = finding;
            return annotation(
                severity === "mandatory" ? "error" : "warning",
                rule,
                `${describeRef(object)}: ${path}: ${message} ${url}`,
                locate(finding),
            );
        })
        .join("\n");
}

/** The same for a file that cannot be read. */
export function githubProblem({ file, line, reason }: FileProblem): string {
    return annotation("error", "unreadable input", reason, { file, line });
}

function annotation(
    level: "error" | "warning",
    title: string,
    message: string,
    place: { file: string; line?: number } | undefined,
): string {
    const properties = [
        ...(place && place.file !== STDIN ? [`file=${escapeProperty(place.file)}`] : []),
        ...(place?.line !== undefined && place.file !== STDIN ? [`line=${place.line}`] : []),
        `title=${escapeProperty(title)}`,
    ];
    return `::${level} ${properties.join(",")}::${escapeData(message)}`;
}

/** As the runner decodes the text of a workflow command. */
function escapeData(text: string): string {
    return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
    return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
