import { TlsSettings } from "../objects/destinationRule";
import { EntryPort, ServiceEntry } from "../objects/serviceEntry";
import { MESH } from "../objects/virtualService";
import { EffectiveRules, RuleLookup, generalTls } from "./effectiveRules";
import { isWildcard } from "../hosts";
import { Inventory } from "./inventory";
import { ELSEWHERE, Exported, isVisible } from "../visibility";

/** What makes a call: a workload's sidecar, an egress gateway, or a waypoint of an ambient mesh. */
export type Caller = "sidecar" | "gateway" | "waypoint";

/** How the proxies of one namespace call one port of a host that they see, where no route leads them elsewhere. */
export interface Call {
    namespace: string;
    entry: ServiceEntry;
    host: string;
    port: EntryPort;
    rules: EffectiveRules;
    /** What proxies without a selector of their own do. */
    tls?: TlsSettings;
    caller: Caller;
}

export function callsIn(inventory: Inventory, rulesFor: RuleLookup): Call[] {
    const ledTo = gatewayNamespacesByHost(inventory);
    return inventory.serviceEntries.flatMap((entry) => {
        const waypoint = inventory.namespaces.waypointNamespace(entry.labels, entry.ref.namespace);
        return entry.hosts.flatMap((host) => {
            const callers = callersOfHost(inventory, entry, host, ledTo, waypoint);
            return callers.flatMap(([namespace, caller]) => {
                const rules = rulesFor(namespace, host, entry.ref.namespace);
                return entry.ports.map((port): Call => {
                    return { namespace, entry, host, port, rules, tls: generalTls(rules, port.number), caller };
                });
            });
        });
    });
}

/** Where a waypoint stands before the entry, it makes the calls of all workloads. */
function callersOfHost(
    inventory: Inventory,
    entry: ServiceEntry,
    host: string,
    ledTo: Map<string, Set<string>>,
    waypoint: string | undefined,
): [string, Caller][] {
    const seeing = [...distinctNamespaces(inventory, entry, host, ledTo)].filter((namespace) =>
        isVisible(entry.exportTo, entry.ref.namespace, namespace),
    );
    const gateways = seeing.filter((namespace) => inventory.gatewayNamespaces.has(namespace));
    const others = seeing.filter(
        (namespace) => !inventory.gatewayNamespaces.has(namespace) && !inventory.namespaces.isAmbient(namespace),
    );
    return [
        ...gateways.map((namespace): [string, Caller] => [namespace, "gateway"]),
        ...(waypoint === undefined
            ? others.map((namespace): [string, Caller] => [namespace, "sidecar"])
            : [[waypoint, "waypoint"] as [string, Caller]]),
    ];
}

/** The namespaces for which the set says something of the host; every other one is as `ELSEWHERE`. */
function distinctNamespaces(
    { rules, routesByHost }: Inventory,
    entry: ServiceEntry,
    host: string,
    ledTo: Map<string, Set<string>>,
): Set<string> {
    const about: Exported[] = [entry, ...rules.byHost.covering(host), ...routesByHost.covering(host)];
    return new Set([
        ...about.flatMap(({ ref, exportTo }) => [ref.namespace, ...exportTo.filter(isName)]),
        ...(ledTo.get(host) ?? []),
        ELSEWHERE,
    ]);
}

function isName(exportTo: string): boolean {
    return ![".", "*", "~"].includes(exportTo);
}

/** For each host to which gateways lead calls: where those gateways are. */
function gatewayNamespacesByHost({ virtualServices, gatewayPods, entriesByHost }: Inventory): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    const add = (host: string, namespaces: string[]) => {
        const own = found.get(host) ?? new Set();
        namespaces.forEach((namespace) => own.add(namespace));
        found.set(host, own);
    };
    for (const { routes } of virtualServices) {
        for (const { matches, destinations } of routes) {
            const gateways = new Set(matches.flatMap((match) => match.gateways).filter((gateway) => gateway !== MESH));
            const namespaces = [...gateways].flatMap((gateway) => gatewayPods.get(gateway)?.namespaces ?? []);
            for (const { host } of namespaces.length > 0 ? destinations : []) {
                add(host, namespaces);
                entriesByHost
                    .patternsFor(host)
                    .filter(isWildcard)
                    .forEach((wildcard) => add(wildcard, namespaces));
            }
        }
    }
    return found;
}

/** Names the callers in a sentence. */
export function callersOf({ namespace, caller }: Call): string {
    if (caller === "waypoint") {
        return `the waypoint in namespace ${namespace}`;
    }
    return namespace === ELSEWHERE ? "the sidecars of every namespace" : `the sidecars of namespace ${namespace}`;
}
