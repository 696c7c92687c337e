import { TlsSettings } from "../objects/destinationRule";
import { EntryPort, ServiceEntry } from "../objects/serviceEntry";
import { EffectiveRules, RuleLookup, generalTls } from "./effectiveRules";
import { isWildcard } from "../hosts";
import { Inventory } from "./inventory";
import { remembered } from "../remembered";
import { ELSEWHERE, addNamespaces, isVisible } from "../visibility";

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
    const calls: Call[] = [];
    for (const entry of inventory.serviceEntries) {
        const waypoint = inventory.namespaces.waypointNamespace(entry.labels, entry.ref.namespace);
        for (const host of entry.hosts) {
            for (const [namespace, caller] of callersOfHost(inventory, entry, host, ledTo, waypoint)) {
                const rules = rulesFor(namespace, host, entry.ref.namespace);
                for (const port of entry.ports) {
                    calls.push({ namespace, entry, host, port, rules, tls: generalTls(rules, port.number), caller });
                }
            }
        }
    }
    return calls;
}

/** Where a waypoint stands before the entry, it makes the calls of all workloads. */
function callersOfHost(
    inventory: Inventory,
    entry: ServiceEntry,
    host: string,
    ledTo: Map<string, Set<string>>,
    waypoint: string | undefined,
): [string, Caller][] {
    const gateways: [string, Caller][] = [];
    const sidecars: [string, Caller][] = [];
    for (const namespace of distinctNamespaces(inventory, entry, host, ledTo)) {
        if (!isVisible(entry.exportTo, entry.ref.namespace, namespace)) {
            continue;
        }
        if (inventory.gatewayNamespaces.has(namespace)) {
            gateways.push([namespace, "gateway"]);
        } else if (!inventory.namespaces.isAmbient(namespace)) {
            sidecars.push([namespace, "sidecar"]);
        }
    }
    return [...gateways, ...(waypoint === undefined ? sidecars : [[waypoint, "waypoint"] as [string, Caller]])];
}

/** The namespaces for which the set says something of the host; every other one is as `ELSEWHERE`. */
function distinctNamespaces(
    { rules, routesByHost }: Inventory,
    entry: ServiceEntry,
    host: string,
    ledTo: Map<string, Set<string>>,
): Set<string> {
    const found = new Set<string>();
    addNamespaces(entry, found);
    rules.byHost.covering(host).forEach((rule) => addNamespaces(rule, found));
    routesByHost.covering(host).forEach((route) => addNamespaces(route, found));
    ledTo.get(host)?.forEach((namespace) => found.add(namespace));
    return found.add(ELSEWHERE);
}

/** For each host to which gateways lead calls: where those gateways are. */
function gatewayNamespacesByHost({ virtualServices, gatewayPods, entriesByHost }: Inventory): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    const add = (host: string, namespaces: Set<string>) => {
        const own = remembered(found, host, () => new Set<string>());
        namespaces.forEach((namespace) => own.add(namespace));
    };
    for (const { routes } of virtualServices) {
        for (const { matches, destinations } of routes) {
            const namespaces = new Set<string>();
            for (const { gateways } of matches) {
                gateways.forEach((gateway) =>
                    gatewayPods.get(gateway)?.namespaces.forEach((namespace) => namespaces.add(namespace)),
                );
            }
            for (const { host } of namespaces.size > 0 ? destinations : []) {
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
    return sidecarsOf(namespace);
}

export function sidecarsOf(namespace: string): string {
    return namespace === ELSEWHERE ? "the sidecars of every namespace" : `the sidecars of namespace ${namespace}`;
}
