import { remembered } from "../remembered";
import { ELSEWHERE, Exported, addNamespaces, audience, isOpen, isVisible } from "../visibility";
import { Inventory } from "./inventory";

const known = new WeakMap<Inventory, Map<string, string[]>>();

/** The namespaces whose sidecars follow a route to a host, as far as rules for the host tell them apart. */
export function callersOfRoute(inventory: Inventory, route: Exported, host: string): string[] {
    const hosts = remembered(known, inventory, () => new Map<string, string[]>());
    const everywhere = remembered(hosts, host, () => sidecarNamespaces(inventory, host));
    const { exportTo, ref } = route;
    return isOpen(exportTo)
        ? everywhere
        : [...new Set([...everywhere, ...audience(route)])].filter(
              (namespace) =>
                  isVisible(exportTo, ref.namespace, namespace) && !inventory.gatewayNamespaces.has(namespace),
          );
}

/** The namespaces without gateways that rules for a host tell apart, and `ELSEWHERE` for all others. */
function sidecarNamespaces({ rules, gatewayNamespaces }: Inventory, host: string): string[] {
    const found = new Set<string>();
    rules.byHost.covering(host).forEach((rule) => addNamespaces(rule, found));
    return [...found.add(ELSEWHERE)].filter((namespace) => !gatewayNamespaces.has(namespace));
}
