import { Inventory } from "./inventory";
import { ELSEWHERE } from "../visibility";

const known = new WeakMap<Inventory, Map<string, string[]>>();

/** The namespaces that rules for a host tell apart, and `ELSEWHERE` for all others. Each host is looked up once. */
export function namespacesWithRules(inventory: Inventory, host: string): string[] {
    const hosts = known.get(inventory) ?? new Map<string, string[]>();
    known.set(inventory, hosts);
    const found = hosts.get(host) ?? [
        ...new Set([
            ...inventory.rules.byHost
                .covering(host)
                .flatMap(({ ref, exportTo }) => [ref.namespace, ...exportTo.filter((name) => !/^[.*~]$/.test(name))]),
            ELSEWHERE,
        ]),
    ];
    hosts.set(host, found);
    return found;
}
