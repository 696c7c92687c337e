import { Action, ACTIONS, Change, MARKS, changesOf } from "./changes";
import { certificateChanges } from "./certificates";
import { Diagram, diagramOf } from "./diagram";
import { exposures } from "./exposure";
import { HostChange, describeDifference, describeHost, hostChanges } from "./hosts";
import { safeText } from "./safe";
import { Step } from "./steps";
import { trafficChanges } from "./traffic";

/** What a preview would change, as both pages have it. */
export interface Report {
    stack: string;
    /** The whole of it in a sentence. */
    summary: string;
    /** How many hosts change, in words, by action. */
    hostCounts: Count[];
    resourceCounts: Count[];
    sections: Section[];
    diagram: Diagram;
    afterDiagram: Section[];
}

export interface Section {
    title: string;
    lines: Line[];
    /** Whether it is folded at first. */
    folded?: boolean;
}

export interface Count {
    action: Action;
    text: string;
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
    const hostCounts = counts(hosts, { replace: "replaced", delete: "removed", update: "changed", create: "added" });
    const words = { replace: "replaced", delete: "deleted", update: "updated", create: "created" };
    const resourceCounts = counts(changed, words);
    return {
        stack: safeText(stack) ?? "without a name",
        summary: summaryOf(hostCounts, resourceCounts),
        hostCounts,
        resourceCounts,
        sections: [
            { title: "Replaced and deleted", lines: lost.map(resourceLine) },
            { title: "Changed by hand", lines: changes.flatMap(driftLine) },
            { title: "What it means for calls", lines: trafficChanges(changes).map(markedLine) },
            { title: "Hosts", lines: hosts.filter(({ action }) => action !== "same").map(hostLine) },
        ],
        diagram: diagramOf(hosts),
        afterDiagram: [
            { title: "Certificates", lines: certificateChanges(changes, now).map(markedLine) },
            {
                title: "Opened and closed to the outside",
                lines: exposures(changes).map(({ effect, name, text, byHand }) => ({
                    mark: { opened: "+", closed: "-", "to be looked at": "~", "not judged": "?" }[effect],
                    name,
                    text: `${effect}${byHand ? " by hand" : ""}${text.startsWith("to ") ? "" : ":"} ${text}`,
                })),
            },
            {
                title: "Updated and created",
                lines: changed.filter((change) => !lost.includes(change)).map(resourceLine),
                folded: true,
            },
        ],
    };
}

function markedLine({ action, name, text }: { action: Action; name: string; text: string }): Line {
    return { mark: MARKS[action], name, text };
}

/** What somebody changed or deleted outside of Pulumi, since the last update. */
function driftLine({ drift, action, before, name, type }: Change): Line[] {
    if (!drift) {
        return [];
    }
    if (!before) {
        return [{ mark: MARKS.delete, name, text: `${shortType(type)} was deleted` }];
    }
    const where = drift.reasons.map((reason) => `\`${reason}\``).join(", ");
    const stays = action === "same" ? "; the next update does not undo it" : "";
    return [{ mark: MARKS.update, name, text: `${shortType(type)}${where && `, in ${where}`}${stays}` }];
}

function resourceLine({ action, name, type, reasons }: Change): Line {
    const why = reasons.length > 0 ? `, for ${reasons.map((reason) => `\`${reason}\``).join(", ")}` : "";
    return { mark: MARKS[action], name, text: `${shortType(type)}${why}` };
}

/** `kubernetes:networking.istio.io/v1:Sidecar` as `Sidecar` of networking.istio.io. */
function shortType(type: string): string {
    const [provider, module = "", kind] = type.split(":");
    // Outside of backticks only names that nothing makes a link or a mention of.
    if (!/^[a-z][\w-]*:(?!www\.)[\w./-]+:\w+$/.test(type)) {
        return `\`${type}\``;
    }
    const where = module.split("/")[0];
    return `\`${kind}\` ${provider === "kubernetes" ? where : where === "index" ? provider : `${provider} ${where}`}`;
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

function summaryOf(hosts: Count[], resources: Count[]): string {
    const texts = (all: Count[]) => all.map(({ text }) => text).join(", ");
    return resources.length === 0
        ? "Nothing changes."
        : `Hosts: ${texts(hosts) || "none changes"}. Resources: ${texts(resources)}.`;
}

/** The worst first; what stays is not counted. */
function counts(all: { action: Action }[], words: Partial<Record<Action, string>>): Count[] {
    return ACTIONS.flatMap((action) => {
        const number = all.filter((one) => one.action === action).length;
        return number > 0 && words[action] ? [{ action, text: `${number} ${words[action]}` }] : [];
    });
}
