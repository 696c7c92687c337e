import { Gateway } from "../objects/gateway";
import { Service } from "../objects/service";
import { MESH, VirtualService, meshDestinations } from "../objects/virtualService";
import { Workload } from "../objects/workload";
import { serviceNamespace } from "../hosts";
import { remembered } from "../remembered";
import { LabelIndex } from "./labels";

/** Where the pods of a Gateway run. */
export interface GatewayPods {
    namespaces: string[];
    /** Whether the set shows it. If not, they are assumed to be in the Gateway's namespace. */
    isShown: boolean;
}

/**
 * A Gateway may be in another namespace than its pods. Pods and services that it selects show where those are, and so
 * does the service to which routes of the mesh lead that go on from this Gateway; else it is taken to be beside them.
 */
export function gatewayPods(
    gateways: Gateway[],
    virtualServices: VirtualService[],
    workloads: Workload[],
    services: Service[],
): Map<string, GatewayPods> {
    const byPods = new LabelIndex([
        ...workloads.map(({ ref, podLabels }) => ({ ref, labels: podLabels })),
        ...services.map(({ ref, selector }) => ({ ref, labels: selector })),
    ]);
    const byRoutes = routedNamespaces(virtualServices);
    const known = gateways.map((gateway): [string, GatewayPods] => {
        const namespaces = gateway.podNamespace
            ? [gateway.podNamespace]
            : [...byPods.namespacesWith(gateway.selector), ...(byRoutes.get(gateway.id) ?? [])];
        return [
            gateway.id,
            namespaces.length > 0
                ? { namespaces: [...new Set(namespaces)], isShown: true }
                : { namespaces: [gateway.ref.namespace], isShown: false },
        ];
    });
    const elsewhere = [...byRoutes].map(([id, namespaces]): [string, GatewayPods] => [
        id,
        { namespaces: [...namespaces], isShown: true },
    ]);
    return new Map([...elsewhere, ...known]);
}

/** The namespaces of the services by which routes of the mesh lead to a Gateway. */
function routedNamespaces(virtualServices: VirtualService[]): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    for (const service of virtualServices) {
        const gateways = service.gateways.filter((gateway) => gateway !== MESH);
        if (gateways.length === 0 || !service.gateways.includes(MESH)) {
            continue;
        }
        const namespaces = meshDestinations(service.routes)
            .filter(({ host }) => !service.hosts.includes(host))
            .flatMap(({ host }) => serviceNamespace(host) ?? []);
        for (const gateway of namespaces.length > 0 ? gateways : []) {
            const own = remembered(found, gateway, () => new Set<string>());
            namespaces.forEach((namespace) => own.add(namespace));
        }
    }
    return found;
}
