import { Action, MARKS, compare, groupBy } from "./changes";
import { HostChange, HostDetails } from "./hosts";
import { sorted } from "./safe";

/** Callers, gateways and hosts, as many of them as one can read. */
export interface Diagram {
    callers: Node[];
    gateways: Node[];
    hosts: Node[];
    edges: Edge[];
}

export interface Node {
    id: string;
    label: string;
    action: Action;
}

export interface Edge {
    from: string;
    to: string;
    action: Action;
}

/** The most boxes in a column that is still readable. */
export const MAX_NODES = 16;
/** The most lines between two columns that are still readable. */
export const MAX_EDGES = 60;

/** A host, or hosts that stand as one. */
interface Group {
    label: string;
    hosts: HostChange[];
}

/** The ways of all hosts; those that change stay apart for longest. */
export function diagramOf(all: HostChange[]): Diagram {
    const groups = hostGroups(all);
    const diagram = drawn(groups, callerGroups(all), gatewayGroups(all));
    return diagram.edges.length <= MAX_EDGES
        ? diagram
        : drawn(
              groups,
              () => "all callers",
              () => "all gateways",
          );
}

function drawn(
    groups: Group[],
    callerGroup: (name: string) => string,
    gatewayGroup: (name: string) => string,
): Diagram {
    const callers = new Nodes("c");
    const gateways = new Nodes("g");
    const hosts = new Nodes("h");
    const edges = new Map<string, Edge>();
    const link = (from: string, to: string, action: Action) => {
        const key = `${from} ${to}`;
        edges.set(key, { from, to, action: merged(edges.get(key)?.action, action) });
    };
    for (const { label, hosts: members } of groups) {
        for (const member of members) {
            const to = hosts.add(label, member.action);
            for (const { action, gateway, caller } of waysOf(member)) {
                const from = caller === undefined ? undefined : callers.add(callerGroup(caller), action);
                const through = gateway === undefined ? undefined : gateways.add(gatewayGroup(gateway), action);
                if (from && through) {
                    link(from, through, action);
                }
                const last = through ?? from;
                if (last) {
                    link(last, to, action);
                }
            }
        }
    }
    return { callers: callers.all, gateways: gateways.all, hosts: hosts.all, edges: [...edges.values()] };
}

interface Way {
    gateway?: string;
    caller?: string;
    action: Action;
}

/** Each caller's way to a host, with what happens to that way. */
function waysOf({ before, after, action }: HostChange): Way[] {
    const callers = (facts?: HostDetails): (string | undefined)[] =>
        facts && facts.callers.length === 0 ? [undefined] : (facts?.callers ?? []);
    return sortedCallers([...callers(before), ...callers(after)]).flatMap((caller) => {
        const isOld = callers(before).includes(caller);
        const isNew = callers(after).includes(caller);
        const facts = isNew ? after : before;
        const own: Action = isOld && isNew ? action : isNew ? "create" : "delete";
        return facts ? [{ gateway: gatewayOf(facts)[0], caller, action: own }] : [];
    });
}

function sortedCallers(callers: (string | undefined)[]): (string | undefined)[] {
    return [...new Set(callers)].sort((one, other) => compare(one ?? "", other ?? ""));
}

/** Host by host; by action and domain where they are many; by action alone where those are many too. */
function hostGroups(all: HostChange[]): Group[] {
    const domain = (host: string) => host.split(".").slice(-2).join(".");
    const byDomain = (hosts: HostChange[]) =>
        grouped(
            hosts,
            ({ action, host, after, before }) => `${action} ${domain(host)} ${(after ?? before)?.gateways.join()}`,
            ({ host }, count) => `${count} hosts of ${domain(host)}`,
        );
    const byAction = (hosts: HostChange[]) =>
        grouped(
            hosts,
            ({ action }) => action,
            (_, count) => `${count} hosts`,
        );
    const each = (hosts: HostChange[]) => hosts.map((host) => ({ label: host.host, hosts: [host] }));
    const changed = all.filter(({ action }) => action !== "same");
    const same = all.filter(({ action }) => action === "same");
    const choices = [
        () => [...each(changed), ...each(same)],
        () => [...each(changed), ...byDomain(same)],
        () => [...each(changed), ...byAction(same)],
        () => [...byDomain(changed), ...byAction(same)],
        () => [...byAction(changed), ...byAction(same)],
    ];
    const fitting = choices.map((choice) => choice()).find((groups) => groups.length <= MAX_NODES);
    return fitting ?? byAction(all);
}

function grouped(
    hosts: HostChange[],
    keyOf: (host: HostChange) => string,
    label: (one: HostChange, count: number) => string,
): Group[] {
    return [...groupBy(hosts, keyOf).values()].map((own) => ({
        label: own.length === 1 ? own[0].host : label(own[0], own.length),
        hosts: own,
    }));
}

/** The box of a caller: its own, its namespace's where callers are many, or everyone's. */
function callerGroups(all: HostChange[]): (caller: string) => string {
    const callers = sorted(all.flatMap(({ before, after }) => [...(before?.callers ?? []), ...(after?.callers ?? [])]));
    if (callers.length <= MAX_NODES) {
        return (caller) => caller;
    }
    const namespace = (caller: string) => caller.split("/")[0];
    const namespaces = sorted(callers.map(namespace));
    return namespaces.length <= MAX_NODES
        ? namespace
        : () => `${callers.length} callers in ${namespaces.length} namespaces`;
}

/** The box of a gateway: its own, or that of all where they are many. */
function gatewayGroups(all: HostChange[]): (gateway: string) => string {
    const gateways = sorted(all.flatMap(({ before, after }) => [before, after]).flatMap((facts) => gatewayOf(facts)));
    return gateways.length <= MAX_NODES ? (gateway) => gateway : () => `${gateways.length} gateways`;
}

function gatewayOf(facts: HostDetails | undefined): string[] {
    return facts && facts.gateways.length > 0 ? [facts.gateways.join(", ")] : [];
}

/** The effect on something whose parts have the effects `one` and `other`. */
function merged(one: Action | undefined, other: Action): Action {
    return one === undefined || one === other ? other : "update";
}

/** The boxes of a column: one for each label and, among hosts, for each change. */
class Nodes {
    private readonly byKey = new Map<string, Node>();

    constructor(private readonly prefix: "c" | "g" | "h") {}

    add(label: string, action: Action): string {
        const key = this.prefix === "h" ? `${label} ${action}` : label;
        const node = this.byKey.get(key);
        if (node) {
            node.action = merged(node.action, action);
            return node.id;
        }
        const id = `${this.prefix}${this.byKey.size}`;
        this.byKey.set(key, { id, label, action });
        return id;
    }

    /** A caller is marked as new or gone. What changes of it otherwise, or of a gateway, is on its lines. */
    get all(): Node[] {
        const isMarked = ({ action }: Node) =>
            this.prefix === "h" || (this.prefix === "c" && (action === "create" || action === "delete"));
        return [...this.byKey.values()].map((node) => (isMarked(node) ? node : { ...node, action: "same" }));
    }
}

/** A label with the mark of its change; what stays has none. */
export function markedLabel({ label, action }: Node): string {
    return action === "same" ? label : `${MARKS[action]} ${label}`;
}
