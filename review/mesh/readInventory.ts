import { groupBy } from "../groupBy";
import { readAuthorizationPolicy } from "../objects/authorizationPolicy";
import { DestinationRule, readDestinationRule } from "../objects/destinationRule";
import { Gateway, readGateway } from "../objects/gateway";
import { gatewayClass, isIstioClass, isWaypointClass, readGatewayApiGateway } from "../objects/gatewayApi";
import { ROUTE_KINDS, readGatewayApiRoute } from "../objects/gatewayApiRoute";
import { GATEWAY_API, ISTIO_NETWORKING, ISTIO_SECURITY, groupOf, isGatewayApi } from "../objects/kinds";
import { MeshConfig, readMeshConfig } from "../objects/meshConfig";
import { UNREAD_POLICY_KINDS, readNetworkPolicies } from "../objects/networkPolicy/readNetworkPolicies";
import { readSecret } from "../objects/secret";
import { readService } from "../objects/service";
import { ServiceEntry, readServiceEntry, readWorkloadEntry } from "../objects/serviceEntry";
import { readSidecar } from "../objects/sidecar";
import { VirtualService, readVirtualService } from "../objects/virtualService";
import { WORKLOAD_KINDS, readWorkload } from "../objects/workload";
import { REVIEW_DEFAULTS, ReviewContext } from "../reviewContext";
import { RawObject, objectRef } from "../rawObject";
import { SkippedObject } from "../readObjects";
import { remembered } from "../remembered";
import { withDelegates } from "./delegates";
import { gatewayPods } from "./gatewayPods";
import { HostIndex } from "./hostIndex";
import { Inventory, KindOfObjects, RuleIndex } from "./inventory";
import { selects } from "./labels";
import { Namespaces } from "./namespaces";

/** Reads objects by kind. The version of an API does not matter: Istio's have the same fields. */
export function readInventory(objects: RawObject[], context: ReviewContext): Inventory {
    const notes: SkippedObject[] = [];
    const kinds = kindsOf(objects);
    const ofKind = (group: string, kind: string) =>
        kinds.find((one) => one.kind === kind && one.group === group)?.objects ?? [];
    const ofName = (kind: string) => kinds.filter((one) => one.kind === kind).flatMap((one) => one.objects);
    const all = <T>(group: string, kind: string, read: (object: RawObject) => T): T[] => ofKind(group, kind).map(read);

    const machines = groupBy(all(ISTIO_NETWORKING, "WorkloadEntry", readWorkloadEntry), ({ ref }) => ref.namespace);
    const serviceEntries = all(ISTIO_NETWORKING, "ServiceEntry", (object) =>
        readServiceEntry(object, (namespace, selector) =>
            (machines.get(namespace) ?? []).filter(({ labels }) => selects(selector, labels)),
        ),
    );
    const gateways = [...all(ISTIO_NETWORKING, "Gateway", readGateway), ...istioGateways(objects, notes)];
    const gatewaysById = new Map(gateways.map((gateway) => [gateway.id, gateway]));
    const virtualServices = [
        ...withDelegates(all(ISTIO_NETWORKING, "VirtualService", readVirtualService), notes),
        ...gatewayApiRoutes(objects, serviceEntries, gatewaysById),
    ];
    const destinationRules = all(ISTIO_NETWORKING, "DestinationRule", readDestinationRule);
    const services = all("", "Service", readService);
    const secrets = all("", "Secret", readSecret);
    const workloads = WORKLOAD_KINDS.flatMap((kind) => ofName(kind)).map(readWorkload);
    const pods = gatewayPods(gateways, virtualServices, workloads, services);
    const meshConfigs = objects.map(readMeshConfig).filter((config) => config !== undefined);
    const namespaces = new Namespaces(objects);
    notes.push(
        ...ambientNotes(namespaces),
        ...UNREAD_POLICY_KINDS.flatMap(([group, kind]) => ofKind(group, kind).map(unread)),
    );
    return {
        context: { ...context, outboundTrafficPolicy: context.outboundTrafficPolicy ?? outboundPolicy(meshConfigs) },
        rootNamespace: context.rootNamespace ?? REVIEW_DEFAULTS.rootNamespace,
        objects,
        kinds,
        ofKind,
        serviceEntries,
        entriesByHost: new HostIndex(serviceEntries, ({ hosts }) => hosts),
        destinationRules,
        rules: ruleIndex(destinationRules),
        virtualServices,
        routesByHost: new HostIndex(virtualServices, ({ hosts }) => hosts),
        gateways,
        gatewaysById,
        gatewayPods: pods,
        gatewayNamespaces: new Set([...pods.values()].flatMap((one) => one.namespaces)),
        services,
        servicesByHost: new Map(services.map((service) => [service.host, service])),
        workloads,
        secrets,
        secretsByName: groupBy(secrets, ({ ref }) => ref.name),
        sidecars: all(ISTIO_NETWORKING, "Sidecar", readSidecar),
        authorizationPolicies: all(ISTIO_SECURITY, "AuthorizationPolicy", readAuthorizationPolicy),
        meshConfigs,
        networkPolicies: readNetworkPolicies(ofKind),
        namespaces,
        notes,
    };
}

/** The objects by kind, whatever version of it they are written in. */
function kindsOf(objects: RawObject[]): KindOfObjects[] {
    const kinds = new Map<string, KindOfObjects>();
    const byVersion = new Map<string, Map<string, KindOfObjects>>();
    for (const object of objects) {
        const ofVersion = remembered(byVersion, object.apiVersion, () => new Map<string, KindOfObjects>());
        const { objects: own } = remembered(ofVersion, object.kind, () => {
            const [group, { kind }] = [groupOf(object), object];
            return remembered(kinds, `${group} ${kind}`, () => ({ group, kind, objects: [] }));
        });
        own.push(object);
    }
    return [...kinds.values()];
}

/** Gateways of the Gateway API that istiod configures; one that another controller configures is noted. */
function istioGateways(objects: RawObject[], notes: SkippedObject[]): Gateway[] {
    return objects
        .filter((object) => object.kind === "Gateway" && groupOf(object) === GATEWAY_API)
        .flatMap((object) => {
            const name = gatewayClass(object);
            if (isIstioClass(name)) {
                return [readGatewayApiGateway(object)];
            }
            if (!isWaypointClass(name)) {
                const reason = `has the class ${JSON.stringify(name)}, which the review does not know`;
                notes.push({ object: objectRef(object), reason });
            }
            return [];
        });
}

function gatewayApiRoutes(
    objects: RawObject[],
    entries: ServiceEntry[],
    gateways: Map<string, Gateway>,
): VirtualService[] {
    const byName = new Map(entries.map((entry) => [`${entry.ref.namespace}/${entry.ref.name}`, entry]));
    const parents = {
        entry: (namespace: string, name: string) => byName.get(`${namespace}/${name}`),
        gateway: (id: string) => gateways.get(id),
    };
    return objects
        .filter((object) => ROUTE_KINDS.includes(object.kind) && isGatewayApi(object))
        .flatMap((object) => readGatewayApiRoute(object, parents));
}

function ruleIndex(rules: DestinationRule[]): RuleIndex {
    const index = (own: DestinationRule[]) => new HostIndex(own, ({ host }) => [host]);
    const byNamespace = new Map(
        [...groupBy(rules, ({ ref }) => ref.namespace)].map(([namespace, own]) => [namespace, index(own)]),
    );
    const none = index([]);
    return { byHost: index(rules), ofNamespace: (namespace) => byNamespace.get(namespace) ?? none };
}

/** What the set's mesh configurations agree on. */
function outboundPolicy(configs: MeshConfig[]): ReviewContext["outboundTrafficPolicy"] {
    const modes = new Set(configs.map(({ outboundMode }) => outboundMode).filter((mode) => mode !== undefined));
    const [mode] = modes;
    return modes.size === 1 && (mode === "REGISTRY_ONLY" || mode === "ALLOW_ANY") ? mode : undefined;
}

function unread(object: RawObject): SkippedObject {
    const reason = "is a kind of network policy that no rule reads: its effect is not checked";
    return { object: objectRef(object), reason };
}

function ambientNotes(namespaces: Namespaces): SkippedObject[] {
    return namespaces.ambient().map((name) => ({
        object: { apiVersion: "v1", kind: "Namespace", namespace: "default", name },
        reason: "is in ambient mode: its workloads have no sidecars, so the rules about sidecars do not check them",
    }));
}
