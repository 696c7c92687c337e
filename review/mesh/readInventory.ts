import { isDeepStrictEqual } from "node:util";
import { groupBy } from "../groupBy";
import { readAuthorizationPolicy } from "../objects/authorizationPolicy";
import { DestinationRule, readDestinationRule } from "../objects/destinationRule";
import { Gateway, readGateway } from "../objects/gateway";
import { gatewayClass, isIstioClass, isWaypointClass, readGatewayApiGateway } from "../objects/gatewayApi";
import { ROUTE_KINDS, readGatewayApiRoute, unknownParent } from "../objects/gatewayApiRoute";
import { GATEWAY_API, ISTIO_NETWORKING, ISTIO_SECURITY, groupOf, isGatewayApi } from "../objects/kinds";
import { ExportDefaults, MeshConfig, readMeshConfig } from "../objects/meshConfig";
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

    const meshConfigs = objects.map(readMeshConfig).filter((config) => config !== undefined);
    const exported = exportDefaults(meshConfigs);
    const machines = groupBy(all(ISTIO_NETWORKING, "WorkloadEntry", readWorkloadEntry), ({ ref }) => ref.namespace);
    const serviceEntries = withDefault(
        all(ISTIO_NETWORKING, "ServiceEntry", (object) =>
            readServiceEntry(object, (namespace, selector) =>
                (machines.get(namespace) ?? []).filter(({ labels }) => selects(selector, labels)),
            ),
        ),
        exported.serviceEntries,
    );
    const gateways = [...all(ISTIO_NETWORKING, "Gateway", readGateway), ...istioGateways(objects, notes)];
    const gatewaysById = new Map(gateways.map((gateway) => [gateway.id, gateway]));
    const virtualServices = [
        ...withDelegates(
            withDefault(all(ISTIO_NETWORKING, "VirtualService", readVirtualService), exported.virtualServices),
            notes,
        ),
        ...gatewayApiRoutes(objects, serviceEntries, gatewaysById, notes),
    ];
    const destinationRules = withDefault(
        all(ISTIO_NETWORKING, "DestinationRule", readDestinationRule),
        exported.destinationRules,
    );
    const services = all("", "Service", readService);
    const secrets = all("", "Secret", readSecret);
    const workloads = WORKLOAD_KINDS.flatMap((kind) => ofName(kind)).map(readWorkload);
    const pods = gatewayPods(gateways, virtualServices, workloads, services);
    const namespaces = new Namespaces(objects);
    notes.push(
        ...ambientNotes(namespaces),
        ...UNREAD_POLICY_KINDS.flatMap(([group, kind]) => ofKind(group, kind).map(unread)),
    );
    return {
        context: { ...context, outboundTrafficPolicy: context.outboundTrafficPolicy ?? outboundPolicy(meshConfigs) },
        rootNamespace:
            context.rootNamespace ??
            agreed(meshConfigs.map((config) => config.rootNamespace)) ??
            REVIEW_DEFAULTS.rootNamespace,
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
    notes: SkippedObject[],
): VirtualService[] {
    const byName = new Map(entries.map((entry) => [`${entry.ref.namespace}/${entry.ref.name}`, entry]));
    const parents = {
        entry: (namespace: string, name: string) => byName.get(`${namespace}/${name}`),
        gateway: (id: string) => gateways.get(id),
    };
    return objects
        .filter((object) => ROUTE_KINDS.includes(object.kind) && isGatewayApi(object))
        .flatMap((object) => {
            const kind = unknownParent(object);
            if (kind !== undefined) {
                const reason = `has a parent of kind ${kind}, whose calls the review does not know`;
                notes.push({ object: objectRef(object), reason });
            }
            return readGatewayApiRoute(object, parents);
        });
}

function ruleIndex(rules: DestinationRule[]): RuleIndex {
    const index = (own: DestinationRule[]) => new HostIndex(own, ({ host }) => [host]);
    const byNamespace = new Map(
        [...groupBy(rules, ({ ref }) => ref.namespace)].map(([namespace, own]) => [namespace, index(own)]),
    );
    const none = index([]);
    return { byHost: index(rules), ofNamespace: (namespace) => byNamespace.get(namespace) ?? none };
}

/** What the set's mesh configurations agree on; those that say nothing agree with all. */
function agreed<T>(values: (T | undefined)[]): T | undefined {
    const [first, ...others] = values.filter((value) => value !== undefined);
    return others.every((other) => isDeepStrictEqual(other, first)) ? first : undefined;
}

function outboundPolicy(configs: MeshConfig[]): ReviewContext["outboundTrafficPolicy"] {
    const mode = agreed(configs.map(({ outboundMode }) => outboundMode));
    return mode === "REGISTRY_ONLY" || mode === "ALLOW_ANY" ? mode : undefined;
}

function exportDefaults(configs: MeshConfig[]): ExportDefaults {
    const of = (key: keyof ExportDefaults) => agreed(configs.map((config) => config.exportDefaults[key]));
    return {
        serviceEntries: of("serviceEntries"),
        virtualServices: of("virtualServices"),
        destinationRules: of("destinationRules"),
    };
}

/** The same things, exported as the mesh says where they do not say it themselves. */
function withDefault<T extends { exportTo: string[] }>(items: T[], exportTo: string[] | undefined): T[] {
    return exportTo === undefined || exportTo.length === 0
        ? items
        : items.map((item) => (item.exportTo.length === 0 ? { ...item, exportTo } : item));
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
