import { describeRef } from "../../review/rawObject";
import { Skipped } from "../input/objects";
import { Terminal } from "../terminal";
import { Outcome } from "./outcome";
import { Finding } from "../../review/index";

/** The findings for a person, the gravest first, and one line with their number. */
export function textOutput(outcome: Outcome, colors: Terminal["colors"]): string {
    const { findings } = outcome;
    const blocks = [...findings]
        .sort((one, other) => weight(one) - weight(other))
        .map((finding) => block(finding, outcome.locate(finding), colors));
    return [...blocks, summary(outcome, colors)].join("\n\n");
}

function weight({ severity }: Finding): number {
    return severity === "mandatory" ? 0 : 1;
}

function block(finding: Finding, place: ReturnType<Outcome["locate"]>, colors: Terminal["colors"]): string {
    const { severity, rule, object, path, message, url } = finding;
    const level = severity === "mandatory" ? colors.red(severity) : colors.yellow(severity);
    const where = place ? colors.dim(` (${place.file}:${place.line})`) : "";
    return [
        `${level}  ${colors.bold(rule)}  ${describeRef(object)}${where}`,
        `  ${path}: ${message}`,
        `  ${colors.dim(`${url}, or: mesh-egress rules ${rule}`)}`,
    ].join("\n");
}

function summary({ findings, known, solved, objects, skipped }: Outcome, colors: Terminal["colors"]): string {
    const mandatory = findings.filter(({ severity }) => severity === "mandatory").length;
    const first =
        findings.length === 0
            ? colors.green(`No findings in ${count(objects, "object")}.`)
            : `${count(findings.length, "finding")} (${mandatory} mandatory, ${findings.length - mandatory} advisory) in ${count(objects, "object")}.`;
    return [
        first,
        ...(known.length > 0 ? [`${count(known.length, "known finding")} of the baseline not shown.`] : []),
        ...(solved > 0
            ? [`${count(solved, "entry", "entries")} of the baseline no longer occur: write the baseline again.`]
            : []),
        ...skipped.map((one) => `Skipped ${describeSkipped(one)}.`),
    ].join("\n");
}

function describeSkipped({ source, line, object, reason }: Skipped): string {
    const place = object ? describeRef(object) : `${source ?? "an object"}${line === undefined ? "" : `:${line}`}`;
    return `${place}: ${reason}`;
}

function count(number: number, one: string, many = `${one}s`): string {
    return `${number} ${number === 1 ? one : many}`;
}
