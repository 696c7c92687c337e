import { traits } from "../../plan/egress/route/modes";
import { EgressMode } from "../../plan/egress/route/options";
import { DEFAULT_CONNECTION_SECONDS, DEFAULT_PORTS, RouteOptions } from "../../plan/egress/route/route";
import { EgressPort } from "../../plan/egress/route/options";
import { validateRoute } from "../../plan/egress/route/validateRoute";
import { AllowedCaller } from "../../plan/shared/caller";
import { hostObjectName } from "../../plan/shared/names";
import { explain } from "../../plan/shared/violation";
import { fields, list, text } from "../../review/fields";
import { isWildcard } from "../../review/hosts";
import { isOpaque, isTls } from "../../review/objects/serviceEntry";
import { MESH } from "../../review/objects/virtualService";
import { RawObject, describeRef, objectRef } from "../../review/rawObject";
import { readObjects } from "../../review/readObjects";
import { AdoptedCredential, AdoptedRoute, Adoption, NotCarried } from "./adoption";
import { callersOf } from "./callers";
import { FoundCredential, credentialOf } from "./credentials";
import { Layout, readLayout, refKey } from "./layout";
import { leftovers } from "./leftovers";
import { Adopted, oldObjects } from "./oldObjects";
import { Way, findWays } from "./ways";
import { GATEWAY_DEFAULTS } from "../../plan/mesh/gatewayOptions";
import { REVIEW_DEFAULTS } from "../../review/reviewContext";
import { HTTPS_PORT, HTTP_PORT } from "../../plan/shared/ports";

export interface AdoptOptions {
    /** Istio's root namespace. Default: `istio-system`. */
    rootNamespace?: string;
    /** The gateway to use. Default: a new one, `egress-gateway` in `istio-egress`. */
    gateway?: { name: string; namespace: string };
    /** Who may call hosts that today everybody may call. Default: the namespaces with sidecars. */
    callers?: AllowedCaller[];
}

/** Turns hand-written Istio objects into the routes and credentials of a program, and lists what cannot be carried over. */
export function adopt(input: RawObject[], options: AdoptOptions = {}): Adoption {
    const { objects, skipped } = readObjects(input);
    const layout = readLayout(objects, options.rootNamespace ?? REVIEW_DEFAULTS.rootNamespace);
    const gateway = options.gateway ?? { name: GATEWAY_DEFAULTS.gatewayName, namespace: GATEWAY_DEFAULTS.namespace };
    const notCarried = skipped.flatMap(({ index, reason }): NotCarried[] =>
        index === undefined ? [] : [{ object: objectRef(input[index]), path: "", reason }],
    );
    const adopted: Adopted[] = [];
    const credentials = new Map<string, FoundCredential>();
    const ways = findWays(layout);
    notCarried.push(...unknownLayouts(layout, ways));
    for (const way of ways) {
        const found = callersOf(layout, way, options.callers ?? []);
        const credential = credentialOf(layout, way, gateway.namespace);
        const route = routeOf(layout, way, found.callers, credential?.credential.name);
        const problems = [...refused(route, gateway.namespace), ...unsupported(layout, way)];
        if (problems.length > 0) {
            notCarried.push(
                ...problems.map((reason) => ({ object: (way.entry ?? way.uses[0]).ref, path: "spec.hosts", reason })),
            );
            continue;
        }
        notCarried.push(...found.notCarried, ...(credential?.notCarried ?? []), ...changed(way, route));
        if (credential) {
            credentials.set(credential.credential.name, credential);
        }
        adopted.push({ way, route, policies: found.policies, secrets: credential?.secrets ?? [] });
    }
    const used = new Map(
        adopted.flatMap(({ way, policies }) =>
            [...way.uses.map(({ ref }) => refKey(ref)), ...policies.map((one) => refKey({ ...refOf(one) }))].map(
                (key) => [key, layout.raw.get(key)],
            ),
        ),
    );
    for (const object of used.values()) {
        notCarried.push(...(object ? leftovers(object) : []));
    }
    const routes = grouped(adopted.map(({ route }) => route));
    return {
        ...(routes.some(({ mode }) => traits(mode).throughGateway) && {
            gateway: {
                ...gateway,
                meshNamespace: layout.rootNamespace,
                isNew: options.gateway === undefined,
                plaintextPort: routes.some(({ gatewayTransport }) => gatewayTransport === "plaintext"),
            },
        }),
        routes,
        credentials: [...credentials.values()].map(({ credential }): AdoptedCredential => credential),
        notCarried: onePerPlace(notCarried),
        old: oldObjects(layout, adopted, gateway.namespace),
    };
}

function refOf(object: RawObject) {
    const metadata = fields(object.metadata);
    return {
        apiVersion: object.apiVersion,
        kind: object.kind,
        namespace: text(metadata.namespace) ?? "default",
        name: text(metadata.name) ?? "",
    };
}

function modeOf(way: Way): EgressMode {
    if (way.through) {
        if (way.isTls) {
            return "passthrough";
        }
        return way.tls ? (way.tls.mode === "MUTUAL" ? "mutualTls" : "simpleTls") : "http";
    }
    return way.tls ? (way.tls.mode === "MUTUAL" ? "sidecarMutualTls" : "sidecarSimpleTls") : "direct";
}

function routeOf(layout: Layout, way: Way, callers: AllowedCaller[], credential: string | undefined): AdoptedRoute {
    const mode = modeOf(way);
    const { takes, needs } = traits(mode);
    const may = (option: (typeof takes)[number]) => takes.includes(option) || needs.includes(option);
    const usualPort = mode === "http" ? HTTP_PORT : HTTPS_PORT;
    const port = way.port.targetPort;
    const seconds = connectionSeconds(layout, way);
    const isPlaintext = may("gatewayTransport") && way.through?.isPlaintext === true;
    const isByNamespace = isPlaintext || (!traits(mode).throughGateway && mode !== "sidecarMutualTls");
    const named = mode === "sidecarMutualTls" ? accountsOf(layout, way) : undefined;
    return {
        name: hostObjectName(way.host),
        hosts: [way.host],
        mode,
        allowFrom: isByNamespace
            ? [...new Set(callers.map(({ namespace }) => namespace))].map((namespace) => ({ namespace }))
            : callers.map((caller) =>
                  named && !caller.serviceAccounts ? { ...caller, serviceAccounts: named } : caller,
              ),
        ...(may("port") && port !== usualPort && { port }),
        ...(mode === "direct" && directPorts(way)),
        ...addressOf(way),
        ...(may("maxConnectionSeconds") && seconds !== undefined && { maxConnectionSeconds: seconds }),
        ...(isPlaintext && { gatewayTransport: "plaintext" as const }),
        ...(may("workloadLabels") && way.rule?.workloadSelector && { workloadLabels: way.rule.workloadSelector }),
        ...(mode === "direct" && way.alias && { serviceName: way.alias.name }),
        ...(may("visibility") && isForGatewayOnly(way) && { visibility: "gateway" as const }),
        ...(may("credential") && credential !== undefined && { credential }),
    };
}

/** Istio gives a sidecar its credential by service account. */
function accountsOf(layout: Layout, way: Way): string[] {
    return credentialOf(layout, way, "")?.credential.workload?.serviceAccounts ?? ["default"];
}

/** Whether only the gateway holds the host, and sidecars just lead calls there. */
function isForGatewayOnly({ entry, through }: Way): boolean {
    const { exportTo = [], ref } = entry ?? {};
    return (
        through !== undefined &&
        ref?.namespace === through.service.namespace &&
        exportTo.length === 1 &&
        (exportTo[0] === "." || exportTo[0] === ref.namespace)
    );
}

function directPorts({ entry }: Way): { ports?: EgressPort[] } {
    const ports = (entry?.ports ?? []).map(({ number, protocol }): EgressPort => ({
        number,
        protocol: isTls(protocol) ? "tls" : isOpaque(protocol) ? "tcp" : "http",
    }));
    return ports.length === 0 || JSON.stringify(ports) === JSON.stringify(DEFAULT_PORTS) ? {} : { ports };
}

function addressOf({ entry }: Way): { address?: string } {
    const [address, ...others] = entry?.endpoints ?? [];
    return address === undefined || others.length > 0 ? {} : { address };
}

/** Seconds after which the rule replaces a connection; undefined for the default. */
function connectionSeconds(layout: Layout, { rule, port }: Way): number | undefined {
    const spec = fields(rule && layout.raw.get(refKey(rule.ref))?.spec);
    const policy = fields(spec.trafficPolicy);
    const own = list(policy.portLevelSettings)
        .map(fields)
        .find((one) => fields(one.port).number === port.number);
    const duration = text(fields(fields(fields(own ?? policy).connectionPool).tcp).maxConnectionDuration);
    const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration ?? "") ?? [];
    const all = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return all > 0 && all !== DEFAULT_CONNECTION_SECONDS ? all : undefined;
}

/** What `EgressRoute` itself would refuse. */
function refused(route: AdoptedRoute, gatewayNamespace: string): string[] {
    const { throughGateway } = traits(route.mode);
    const options: RouteOptions = {
        ...route,
        hasGateway: throughGateway,
        hasMesh: false,
        hasCredential: route.credential !== undefined,
    };
    const atGateway = throughGateway && route.allowFrom.some(({ namespace }) => namespace === gatewayNamespace);
    return [
        ...validateRoute(options).map((violation) => `${violation.path}: ${explain(violation)}`.replace(/\.$/, "")),
        ...(atGateway
            ? [
                  `allowFrom: ${JSON.stringify(gatewayNamespace)} is the gateway's own namespace. Move the callers to another namespace`,
              ]
            : []),
    ];
}

/** Layouts that would become something else. */
function unsupported(layout: Layout, { host, entry, tls, through, isTls: isOwn, isUnreached }: Way): string[] {
    const byGatewayApi = layout.gatewayApiRoutes.get(host);
    const others = layout.routesByTarget
        .get(host)
        ?.find(({ hosts, gateways }) => !hosts.includes(host) && gateways.some((gateway) => gateway !== MESH));
    return [
        ...(byGatewayApi
            ? [
                  `${describeRef(byGatewayApi)} leads calls to ${host}, and routes of the Gateway API are not read. Write an EgressRoute for the host by hand; it takes the place of the Gateway, its routes and its rules`,
              ]
            : []),
        ...(isUnreached
            ? [
                  `a gateway routes ${host}, but no VirtualService routes calls of the mesh to that gateway. Add the missing objects, or write the EgressRoute by hand`,
              ]
            : []),
        ...(through === undefined && others !== undefined
            ? [
                  `a gateway sends calls for ${others.hosts[0]} to ${host} (${describeRef(others.ref)}), which would lose it. Move those first`,
              ]
            : []),
        ...(/\.svc(\.|$)/.test(host)
            ? [
                  `${host} is a service of the cluster, whose ports Istio takes from the service. Call it directly, or use a separate name for the partner`,
              ]
            : []),
        ...(entry && entry.resolution === "NONE" && (tls || (through && !isOwn))
            ? [
                  `${host} is resolved by the application (resolution NONE), but a proxy that originates TLS must resolve it`,
              ]
            : []),
        ...(entry && entry.endpoints.length > 1
            ? [
                  `${host} has ${entry.endpoints.length} endpoints, but a route dials one address. Use one DNS name for them`,
              ]
            : []),
    ];
}

/** Hosts that leave the mesh by objects which make none of the layouts that are understood. */
function unknownLayouts(layout: Layout, ways: Way[]): NotCarried[] {
    const known = new Set(ways.map(({ host }) => host));
    const led = layout.routes.filter(({ gateways }) => gateways.includes(MESH) && gateways.length > 1);
    return [...layout.entries.filter(({ isExternal }) => isExternal), ...led].flatMap(({ ref, hosts }) =>
        hosts
            .filter((host) => !known.has(host))
            .map((host) => ({
                object: ref,
                path: "spec.hosts",
                reason: `calls to ${host} take a way that is not understood, so it has no route. Write one by hand before this object is deleted`,
            })),
    );
}

/** What the new route does otherwise than the old objects. */
function changed({ host, tls, through, entry }: Way, route: AdoptedRoute): NotCarried[] {
    const note = (path: string, reason: string): NotCarried => ({
        object: tls!.ref,
        path: `${tls!.path}.${path}`,
        reason,
    });
    return [
        ...(tls?.sni !== undefined && tls.sni !== host
            ? [note("sni", `a route sends the host itself as SNI, but ${JSON.stringify(tls.sni)} is another name`)]
            : []),
        ...(tls && tls.subjectAltNames.some((name) => name !== host)
            ? [note("subjectAltNames", `a route accepts a server certificate only for ${host}`)]
            : []),
        ...(tls && tls.subjectAltNames.length === 0
            ? [
                  note(
                      "subjectAltNames",
                      `the name in the server's certificate is not checked today; the route checks that the certificate is for ${host}. Make sure that it is before you switch`,
                  ),
              ]
            : []),
        ...(tls?.insecureSkipVerify ? [note("insecureSkipVerify", "a route always verifies the server")] : []),
        ...(through?.isPlaintext && route.gatewayTransport === undefined
            ? [
                  {
                      object: through.meshRoute.ref,
                      path: "spec.http",
                      reason: "calls reach the gateway in plaintext today; the route uses the mesh's mutual TLS, which tells the gateway the caller's identity",
                  },
              ]
            : []),
        ...(entry?.resolution === "NONE" && !isWildcard(host)
            ? [{ object: entry.ref, path: "spec.resolution", reason: "a route resolves the host by DNS" }]
            : []),
    ];
}

/** Routes that differ in nothing but their hosts are one. */
function grouped(routes: AdoptedRoute[]): AdoptedRoute[] {
    const groups = new Map<string, AdoptedRoute>();
    for (const route of routes) {
        const key = JSON.stringify({ ...route, name: "", hosts: [] });
        const group = groups.get(key);
        // An ExternalName service stands for one host.
        if (group && route.serviceName === undefined) {
            group.hosts.push(...route.hosts);
        } else {
            groups.set(group ? `${key} ${route.name}` : key, { ...route, hosts: [...route.hosts] });
        }
    }
    return [...groups.values()];
}

function onePerPlace(all: NotCarried[]): NotCarried[] {
    return [...new Map(all.map((one) => [`${refKey(one.object)} ${one.path} ${one.reason}`, one])).values()];
}
