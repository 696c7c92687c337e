import { Action, ACTIONS, Change, MARKS, changesOf } from "./changes";
import { certificateChanges } from "./certificates";
import { Diagram, diagramOf } from "./diagram";
import { exposures } from "./exposure";
import { HostChange, describeDifference, describeHost, hostChanges } from "./hosts";
import { safeText } from "./safe";
import { Step } from "./steps";

/** What a preview would change, as both pages have it. */
export interface Report {
    stack: string;
    /** The whole of it in a sentence. */
    summary: string;
    sections: Section[];
    diagram: Diagram;
}

export interface Section {
    title: string;
    lines: Line[];
    /** Whether it is folded at first. */
    folded?: boolean;
}

/** A line of a list. Its text has names in backticks, and nothing else that means something in Markdown or HTML. */
export interface Line {
    mark: string;
    name: string;
    text: string;
}

export interface ReportOptions {
    /** Name of the stack. */
    stack: string;
    /** The moment from which new certificates are taken to last. */
    now: Date;
}

/** The report of a preview's steps. */
export function reportOf(steps: Step[], { stack, now }: ReportOptions): Report {
    const changes = changesOf(steps);
    const hosts = hostChanges(changes);
    const changed = changes.filter(({ action }) => action !== "same");
    const lost = changed.filter(({ action }) => action === "replace" || action === "delete");
    return {
        stack: safeText(stack) ?? "without a name",
        summary: summaryOf(changed, hosts),
        sections: [
            { title: "Replaced and deleted", lines: lost.map(resourceLine) },
            { title: "Hosts", lines: hosts.filter(({ action }) => action !== "same").map(hostLine) },
            {
                title: "Certificates",
                lines: certificateChanges(changes, now).map(({ action, name, text }) => ({
                    mark: MARKS[action],
                    name,
                    text,
                })),
            },
            {
                title: "Opened and closed to the outside",
                lines: exposures(changes, hosts).map(({ effect, name, text }) => ({
                    mark: { opened: "+", closed: "-", "to be looked at": "~" }[effect],
                    name,
                    text: `${effect}: ${text}`,
                })),
            },
            {
                title: "Updated and created",
                lines: changed.filter((change) => !lost.includes(change)).map(resourceLine),
                folded: true,
            },
        ],
        diagram: diagramOf(hosts),
    };
}

function resourceLine({ action, name, type, reasons }: Change): Line {
    const why = reasons.length > 0 ? `, for ${reasons.map((reason) => `\`${reason}\``).join(", ")}` : "";
    return { mark: MARKS[action], name, text: `\`${type}\`${why}` };
}

function hostLine({ action, host, before, after, touched }: HostChange): Line {
    return { mark: MARKS[action], name: host, text: hostText(before, after, touched) };
}

function hostText(before: HostChange["before"], after: HostChange["after"], touched: string[]): string {
    if (!before || !after) {
        const facts = after ?? before;
        return facts ? describeHost(facts) : "";
    }
    return [...describeDifference(before, after), ...touched].join("; ");
}

function summaryOf(changes: Change[], hosts: HostChange[]): string {
    if (changes.length === 0) {
        return "Nothing changes.";
    }
    const count = <T extends { action: Action }>(all: T[], words: Partial<Record<Action, string>>) =>
        ACTIONS.flatMap((action) => {
            const number = all.filter((one) => one.action === action).length;
            return number > 0 && words[action] ? `${number} ${words[action]}` : [];
        }).join(", ");
    const words = { replace: "replaced", delete: "deleted", update: "updated", create: "created" };
    const hostWords = { replace: "replaced", delete: "removed", update: "changed", create: "added" };
    return `Hosts: ${count(hosts, hostWords) || "none changes"}. Resources: ${count(changes, words)}.`;
}
