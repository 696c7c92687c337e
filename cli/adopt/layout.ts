import { fields, list, text, textMap } from "../../review/fields";
import { covers } from "../../review/hosts";
import { DestinationRule, readDestinationRule } from "../../review/objects/destinationRule";
import { Gateway, readGateway } from "../../review/objects/gateway";
import { ROUTE_KINDS } from "../../review/objects/gatewayApiRoute";
import { isGatewayApi } from "../../review/objects/kinds";
import { Service, readService } from "../../review/objects/service";
import { ServiceEntry, readServiceEntry } from "../../review/objects/serviceEntry";
import { VirtualService, readVirtualService } from "../../review/objects/virtualService";
import { ObjectRef, RawObject, Viewed, describeRef, objectRef } from "../../review/rawObject";

/** A workload, as far as an adoption needs it. */
export interface PodTemplate extends Viewed {
    labels: Record<string, string>;
    annotations: Record<string, string>;
    serviceAccount: string;
    /** Secrets by the folder that they are mounted at. */
    secretMounts: { folder: string; secret: string }[];
}

/** The objects by kind, with what finds them quickly. */
export interface Layout {
    entries: ServiceEntry[];
    entriesByHost: Map<string, ServiceEntry[]>;
    routes: VirtualService[];
    routesByHost: Map<string, VirtualService[]>;
    rulesByHost: Map<string, DestinationRule[]>;
    /** Those of the rules' hosts that stand for several, the longest first. */
    wildcards: string[];
    /** VirtualServices by the hosts that they lead to, and by the Gateways that they are bound to. */
    routesByTarget: Map<string, VirtualService[]>;
    routesByGateway: Map<string, VirtualService[]>;
    gateways: Map<string, Gateway>;
    services: Service[];
    /** A route of the Gateway API by each host that it is about: an adoption does not read those. */
    gatewayApiRoutes: Map<string, ObjectRef>;
    policies: RawObject[];
    /** Names of the keys by `namespace/name`; never what they hold. */
    secrets: Map<string, string[]>;
    templates: PodTemplate[];
    /** Namespaces whose pods get a sidecar. */
    meshNamespaces: string[];
    raw: Map<string, RawObject>;
    rootNamespace: string;
}

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"];

export function readLayout(objects: RawObject[], rootNamespace: string): Layout {
    const ofKind = (group: string, kind: string) =>
        objects.filter((object) => object.kind === kind && groupOf(object) === group);
    const istio = (kind: string) => ofKind("networking.istio.io", kind);
    const entries = istio("ServiceEntry").map((object) => readServiceEntry(object));
    const routes = istio("VirtualService").map(readVirtualService);
    const rulesByHost = byHost(istio("DestinationRule").map(readDestinationRule), ({ host }) => [host]);
    return {
        entries,
        entriesByHost: byHost(entries, ({ hosts }) => hosts),
        routes,
        routesByHost: byHost(routes, ({ hosts }) => hosts),
        rulesByHost,
        wildcards: [...rulesByHost.keys()]
            .filter((host) => host.startsWith("*"))
            .sort((one, other) => other.length - one.length),
        routesByTarget: byHost(routes, (one) => [
            ...new Set(one.routes.flatMap(({ destinations }) => destinations.map(({ host }) => host))),
        ]),
        routesByGateway: byHost(routes, ({ gateways }) => gateways),
        gateways: new Map(
            istio("Gateway")
                .map(readGateway)
                .map((gateway) => [`${gateway.ref.namespace}/${gateway.ref.name}`, gateway]),
        ),
        services: ofKind("", "Service").map(readService),
        gatewayApiRoutes: gatewayApiRoutes(objects, entries),
        policies: ofKind("security.istio.io", "AuthorizationPolicy"),
        secrets: new Map(
            ofKind("", "Secret").map((secret) => {
                const { namespace, name } = objectRef(secret);
                return [`${namespace}/${name}`, Object.keys({ ...fields(secret.data), ...fields(secret.stringData) })];
            }),
        ),
        templates: objects.filter(({ kind }) => WORKLOADS.includes(kind)).map(readTemplate),
        meshNamespaces: ofKind("", "Namespace")
            .filter(({ metadata }) => {
                const labels = textMap(fields(metadata).labels);
                return labels["istio-injection"] === "enabled" || labels["istio.io/rev"] !== undefined;
            })
            .map((namespace) => objectRef(namespace).name),
        raw: new Map(objects.map((object) => [refKey(objectRef(object)), object])),
        rootNamespace,
    };
}

export function refKey(ref: ObjectRef): string {
    return `${ref.apiVersion.split("/")[0]} ${describeRef(ref)}`;
}

function gatewayApiRoutes(objects: RawObject[], entries: ServiceEntry[]): Map<string, ObjectRef> {
    const named = (namespace: string, name: unknown) =>
        entries.filter(({ ref }) => ref.namespace === namespace && ref.name === name).flatMap(({ hosts }) => hosts);
    return new Map(
        objects
            .filter((object) => isGatewayApi(object) && ROUTE_KINDS.includes(object.kind))
            .flatMap((object) => {
                const ref = objectRef(object);
                const spec = fields(object.spec);
                const parents = list(spec.parentRefs).map(fields);
                const backends = list(spec.rules).flatMap((rule) => list(fields(rule).backendRefs).map(fields));
                const hosts = [
                    ...parents
                        .filter(({ kind }) => kind === "ServiceEntry")
                        .flatMap(({ namespace, name }) => named(text(namespace) ?? ref.namespace, name)),
                    ...backends.flatMap(({ kind, name }) => (kind === "Hostname" ? (text(name) ?? []) : [])),
                ];
                return hosts.map((host): [string, ObjectRef] => [host, ref]);
            }),
    );
}

function groupOf({ apiVersion }: RawObject): string {
    return apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
}

function byHost<T>(all: T[], hostsOf: (one: T) => string[]): Map<string, T[]> {
    const found = new Map<string, T[]>();
    for (const one of all) {
        for (const host of hostsOf(one)) {
            const group = found.get(host);
            if (group) {
                group.push(one);
            } else {
                found.set(host, [one]);
            }
        }
    }
    return found;
}

/** The rules for a host, the most specific first. */
export function rulesFor({ rulesByHost, wildcards }: Layout, host: string): DestinationRule[] {
    const wider = wildcards.filter((own) => own !== host && covers(own, host));
    return [host, ...wider].flatMap((own) => rulesByHost.get(own) ?? []);
}

function readTemplate(object: RawObject): PodTemplate {
    const template = fields(fields(object.spec).template);
    const metadata = fields(template.metadata);
    const spec = fields(template.spec);
    const annotations = textMap(metadata.annotations);
    // Sidecars get volumes by annotations, a gateway's proxy by its own pod template.
    const volumes = [...list(spec.volumes), ...parsedList(annotations["sidecar.istio.io/userVolume"])];
    const mounts = [
        ...list(spec.containers).flatMap((container) => list(fields(container).volumeMounts)),
        ...parsedList(annotations["sidecar.istio.io/userVolumeMount"]),
    ];
    const secretOf = new Map(
        volumes.flatMap((volume): [string, string][] => {
            const { name, secret } = fields(volume);
            const secretName = text(fields(secret).secretName);
            return text(name) && secretName ? [[String(name), secretName]] : [];
        }),
    );
    return {
        ref: objectRef(object),
        labels: textMap(metadata.labels),
        annotations,
        serviceAccount: text(spec.serviceAccountName) ?? "default",
        secretMounts: mounts.flatMap((mount) => {
            const { name, mountPath } = fields(mount);
            const secret = secretOf.get(String(name));
            return secret && text(mountPath) ? [{ folder: String(mountPath).replace(/\/$/, ""), secret }] : [];
        }),
    };
}

/** Istio's annotations hold a JSON list, or a JSON map of names to volumes. */
function parsedList(annotation: string | undefined): unknown[] {
    if (annotation === undefined) {
        return [];
    }
    try {
        const value = JSON.parse(annotation) as unknown;
        return Array.isArray(value)
            ? value
            : Object.entries(fields(value)).map(([name, one]) => ({ name, ...fields(one) }));
    } catch {
        return [];
    }
}
