import { Call, callsIn } from "./calls";
import { isWildcard, serviceNamespace } from "./hosts";
import { Gateway, gatewayName, readGateway } from "./objects/gateway";
import { DestinationRule, readDestinationRule } from "./objects/destinationRule";
import { Secret, readSecret } from "./objects/secret";
import { Service, readService } from "./objects/service";
import { ServiceEntry, readServiceEntry } from "./objects/serviceEntry";
import { MESH, VirtualService, readVirtualService } from "./objects/virtualService";
import { WORKLOAD_KINDS, Workload, readWorkload } from "./objects/workload";
import { RawObject, Viewed, objectRef } from "./rawObject";
import { ReviewContext } from "./reviewContext";
import { ELSEWHERE } from "./visibility";

/** A set of objects by kind. */
export interface Inventory {
    rootNamespace: string;
    context: ReviewContext;
    objects: RawObject[];
    serviceEntries: ServiceEntry[];
    destinationRules: DestinationRule[];
    rulesByHost: Map<string, DestinationRule[]>;
    /** Those of the rules' hosts that stand for several. */
    wildcards: string[];
    virtualServices: VirtualService[];
    gateways: Gateway[];
    services: Service[];
    secrets: Secret[];
    /** Every namespace that an object or a gateway's pod is in, or that is named, and `ELSEWHERE` for all others. */
    namespaces: string[];
    /** By Gateway (`namespace/name`): the namespaces in which its pods run, as far as the set shows. */
    gatewayNamespaces: Map<string, string[]>;
}

/** What every rule looks at, read once for all of them. */
export interface Scene extends Inventory {
    calls: Call[];
    callsByHost: Map<string, Call[]>;
}

export function readScene(objects: RawObject[], context: ReviewContext): Scene {
    const inventory = takeInventory(objects, context);
    const calls = callsIn(inventory);
    return { ...inventory, calls, callsByHost: groupByHost(calls) };
}

function takeInventory(objects: RawObject[], context: ReviewContext): Inventory {
    const all = <T>(kind: string, group: string, read: (object: RawObject) => T): T[] =>
        objects.filter((object) => object.kind === kind && groupOf(object) === group).map(read);

    const workloads = WORKLOAD_KINDS.flatMap((kind) => [
        ...all(kind, "apps", readWorkload),
        ...all(kind, "batch", readWorkload),
    ]);
    const read = {
        serviceEntries: all("ServiceEntry", "networking.istio.io", readServiceEntry),
        destinationRules: all("DestinationRule", "networking.istio.io", readDestinationRule),
        virtualServices: all("VirtualService", "networking.istio.io", readVirtualService),
        gateways: all("Gateway", "networking.istio.io", readGateway),
        services: all("Service", "", readService),
        secrets: all("Secret", "", readSecret),
    };
    const gatewayNamespaces = new Map(
        read.gateways.map((gateway) => [gatewayName(gateway), podNamespaces(gateway, { ...read, workloads })]),
    );
    const rulesByHost = groupByHost(read.destinationRules);
    return {
        ...read,
        rulesByHost,
        wildcards: [...rulesByHost.keys()].filter(isWildcard),
        objects,
        context,
        rootNamespace: context.rootNamespace ?? "istio-system",
        namespaces: namespacesOf(objects, read, [...gatewayNamespaces.values()].flat()),
        gatewayNamespaces,
    };
}

export function groupOf({ apiVersion }: RawObject): string {
    return apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
}

/** The namespaces in which the pods of a bound gateway run; none where the set does not hold the Gateway. */
export function namespacesOfGateway(scene: Inventory, gateway: string): string[] {
    return scene.gatewayNamespaces.get(gateway) ?? [];
}

/** Whether a gateway's pods run there. Its other pods, if any, get the benefit of the doubt. */
export function isGatewayNamespace(scene: Inventory, namespace: string): boolean {
    return [...scene.gatewayNamespaces.values()].some((namespaces) => namespaces.includes(namespace));
}

/** Whether `part` selects what has the labels `whole`. */
export function selects(part: Record<string, string>, whole: Record<string, string>): boolean {
    return Object.entries(part).every(([key, value]) => whole[key] === value);
}

function groupByHost<T extends { host: string }>(items: T[]): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const item of items) {
        const group = groups.get(item.host) ?? [];
        group.push(item);
        groups.set(item.host, group);
    }
    return groups;
}

interface Read {
    serviceEntries: ServiceEntry[];
    destinationRules: DestinationRule[];
    virtualServices: VirtualService[];
}

function namespacesOf(objects: RawObject[], read: Read, ofGateways: string[]): string[] {
    const exporting = [...read.serviceEntries, ...read.destinationRules, ...read.virtualServices];
    const named = exporting.flatMap(({ exportTo }) => exportTo).filter((name) => ![".", "*", "~"].includes(name));
    return [...new Set([...objects.map((object) => objectRef(object).namespace), ...named, ...ofGateways, ELSEWHERE])];
}

/**
 * A Gateway may be in another namespace than its pods. Pods and services that it selects show where those are, and so
 * does the service to which routes of the mesh lead that go on from this Gateway; else it is taken to be beside them.
 */
function podNamespaces(
    gateway: Gateway,
    read: { workloads: Workload[]; services: Service[]; virtualServices: VirtualService[] },
): string[] {
    const selecting = Object.keys(gateway.selector).length > 0;
    const selected: Viewed[] = [
        ...read.workloads.filter(({ podLabels }) => selecting && selects(gateway.selector, podLabels)),
        ...read.services.filter(({ selector }) => selecting && selects(gateway.selector, selector)),
    ];
    const found = [
        ...selected.map(({ ref }) => ref.namespace),
        ...read.virtualServices
            .filter(({ gateways }) => gateways.includes(gatewayName(gateway)) && gateways.includes(MESH))
            .flatMap(meshDestinations)
            .flatMap((host) => serviceNamespace(host) ?? []),
    ];
    return [...new Set(found.length > 0 ? found : [gateway.ref.namespace])];
}

/** Where a VirtualService leads calls of the mesh to, but for its own hosts. */
function meshDestinations({ hosts, routes }: VirtualService): string[] {
    return routes
        .filter(({ matches }) => matches.some(({ gateways }) => gateways.includes(MESH)))
        .flatMap(({ destinations }) => destinations)
        .map(({ host }) => host)
        .filter((host) => !hosts.includes(host));
}
