import { covers, isWildcard } from "../../review/hosts";
import { DestinationRule, TlsSettings, originates, tlsFor } from "../../review/objects/destinationRule";
import { Gateway } from "../../review/objects/gateway";
import { EntryPort, ServiceEntry, isOpaque, isTls } from "../../review/objects/serviceEntry";
import { MESH, Route, VirtualService } from "../../review/objects/virtualService";
import { Viewed } from "../../review/rawObject";
import { ELSEWHERE, isVisible } from "../../review/visibility";
import { Layout, rulesFor } from "./layout";
import { HTTPS_PORT, HTTP_PORT } from "../../plan/shared/ports";

/** How calls to one host leave the mesh today. */
export interface Way {
    host: string;
    entry?: ServiceEntry;
    /** The gateway that calls leave through; absent where sidecars call the host themselves. */
    through?: Through;
    /** The port of the host that the last proxy calls. */
    port: EntryPort;
    /** Whether applications speak TLS themselves. */
    isTls: boolean;
    /** The TLS that the last proxy originates. */
    tls?: TlsSettings;
    /** The rule that says so. */
    rule?: DestinationRule;
    /** The service that stands for the host. */
    alias?: Viewed & { name: string; namespace: string };
    /** Whether a gateway routes the host on, and nothing leads calls of the mesh there. */
    isUnreached?: boolean;
    /** Every object that makes the way. */
    uses: Viewed[];
}

export interface Through {
    service: { name: string; namespace: string };
    gateway?: Gateway;
    isPlaintext: boolean;
    /** What leads calls of the mesh to the gateway. */
    meshRoute: VirtualService;
}

const SERVICE = /^([^.*]+)\.([^.*]+)\.svc\.[^*]+$/;

/** How calls leave the mesh, one entry for each host. */
export function findWays(layout: Layout): Way[] {
    const hosts = new Set([...layout.entriesByHost.keys(), ...layout.routesByHost.keys()]);
    const ways = [...hosts].flatMap((host) => wayOf(layout, host) ?? []);
    const aliases = layout.services.flatMap((service): Way[] => {
        const host = service.externalName;
        if (host === undefined || SERVICE.test(host)) {
            return [];
        }
        const known = ways.find((way) => way.host === host);
        const alias = { ref: service.ref, name: service.ref.name, namespace: service.ref.namespace };
        if (known && !known.through) {
            known.alias ??= alias;
            known.uses.push(service);
            return [];
        }
        return known ? [] : [aliasWay(host, service.ports, alias)];
    });
    return [...ways, ...aliases];
}

/** A service alone does not declare a host: it works where sidecars forward calls to undeclared hosts. */
function aliasWay(host: string, ports: number[], alias: NonNullable<Way["alias"]>): Way {
    const [first = 443] = ports;
    return { host, port: plainPort(first), isTls: first === 443, alias, uses: [alias] };
}

function wayOf(layout: Layout, host: string): Way | undefined {
    const [entry] = layout.entriesByHost.get(host) ?? [];
    const services = layout.routesByHost.get(host) ?? [];
    for (const service of services) {
        const inMesh = routesFrom(service, host, (gateway) => gateway === MESH);
        for (const { route } of inMesh) {
            const target = route.destinations.find((one) => one.host !== host && SERVICE.test(one.host));
            if (target) {
                return gatewayWay(layout, host, entry, service, route, target);
            }
        }
    }
    const isUnreached = services.some((service) => routesFrom(service, host, (gateway) => gateway !== MESH).length > 0);
    // What is neither declared nor led to a gateway does not leave the mesh by these objects.
    const way = entry && directWay(layout, host, entry, services);
    return way && { ...way, isUnreached };
}

function gatewayWay(
    layout: Layout,
    host: string,
    entry: ServiceEntry | undefined,
    meshRoute: VirtualService,
    first: Route,
    target: Route["destinations"][number],
): Way | undefined {
    const [, name, namespace] = SERVICE.exec(target.host) ?? [];
    const services = layout.routesByHost.get(host) ?? [];
    const fromGateway = services.flatMap((service) =>
        routesFrom(service, host, (gateway) => gateway !== MESH).map((one) => ({ service, ...one })),
    );
    const onward =
        fromGateway.find(({ route }) => route.destinations.some((one) => one.host === host)) ??
        fromGateway.find(({ route }) => isWildcard(host) && route.kind === "tls" && route.destinations.length === 1);
    const gateway = onward && layout.gateways.get(onward.gateway);
    if (!onward && !isGateway(layout, name, namespace)) {
        return undefined;
    }
    const toGateway = rulesFor(layout, target.host).filter(
        ({ workloadSelector, subsets }) =>
            workloadSelector === undefined &&
            (target.subset === undefined ||
                subsets.length === 0 ||
                subsets.some(({ name: own }) => own === target.subset)),
    );
    const server = gateway?.servers.find(({ port }) => port === (target.port ?? port));
    const transportRule = toGateway.find((rule) => tlsFor(rule, target.port ?? HTTPS_PORT, target.subset));
    const transport = transportRule && tlsFor(transportRule, target.port ?? HTTPS_PORT, target.subset)?.mode;
    const isPlaintext =
        server === undefined ? transport !== "ISTIO_MUTUAL" && transport !== "MUTUAL" : server.tlsMode === undefined;
    const isOwnTls = first.kind !== "http";
    const destination = onward?.route.destinations.find((one) => one.host === host);
    const number = destination?.port ?? entry?.ports[0]?.number ?? (isOwnTls ? HTTPS_PORT : HTTP_PORT);
    const rules = rulesFor(layout, host).filter(({ exportTo, ref }) => isVisible(exportTo, ref.namespace, namespace));
    // The gateway looks in its own namespace first.
    const ordered = [...rules].sort(
        (one, other) => Number(other.ref.namespace === namespace) - Number(one.ref.namespace === namespace),
    );
    const rule = ordered.find((one) => tlsFor(one, number, destination?.subset) !== undefined);
    const tls = rule && tlsFor(rule, number, destination?.subset);
    return {
        host,
        entry,
        through: { service: { name, namespace }, gateway, isPlaintext: isPlaintext && !isOwnTls, meshRoute },
        port: entry?.ports.find((port) => port.number === number) ?? plainPort(number),
        isTls: isOwnTls,
        ...(originates(tls) && { tls, rule }),
        uses: unique([
            ...(entry ? [entry] : []),
            meshRoute,
            ...(onward ? [onward.service] : []),
            ...(gateway ? [gateway] : []),
            ...toGateway,
            ...rules,
        ]),
    };
}

/** Whether a service that calls are led to is a gateway's: else the route is not about egress. */
function isGateway({ services, gateways }: Layout, name: string, namespace: string): boolean {
    const service = services.find(({ ref }) => ref.name === name && ref.namespace === namespace);
    return [...gateways.values()].some(({ selector }) =>
        Object.entries(selector).every(([key, value]) => service?.selector[key] === value),
    );
}

function directWay(layout: Layout, host: string, entry: ServiceEntry, services: VirtualService[]): Way | undefined {
    const rules = rulesFor(layout, host).filter((rule) => isSeenBySidecars(layout, entry, rule));
    const http = entry.ports.find(({ protocol }) => !isTls(protocol) && !isOpaque(protocol));
    for (const port of [...(http ? [http] : []), ...entry.ports]) {
        const rule = rules.find((one) => originates(tlsFor(one, port.number)));
        const tls = rule && tlsFor(rule, port.number);
        if (rule && originates(tls)) {
            return { host, entry, port, isTls: false, tls, rule, uses: unique([entry, ...rules, ...services]) };
        }
    }
    const port = http ?? entry.ports[0];
    return port && { host, entry, port, isTls: isTls(port.protocol), uses: unique([entry, ...rules, ...services]) };
}

/** Whether sidecars that see the entry read the rule: not those for a gateway's own proxies. */
function isSeenBySidecars({ gateways, rootNamespace }: Layout, entry: ServiceEntry, rule: DestinationRule): boolean {
    const { exportTo, ref } = rule;
    const isOpen = entry.exportTo.length === 0 || entry.exportTo.includes("*");
    const namespaces = entry.exportTo.map((name) => (name === "." ? entry.ref.namespace : name));
    const ofGateways = [rootNamespace, ...[...gateways.values()].map((gateway) => gateway.ref.namespace)];
    return isOpen
        ? isVisible(exportTo, ref.namespace, ELSEWHERE) || !ofGateways.includes(ref.namespace)
        : namespaces.some((namespace) => isVisible(exportTo, ref.namespace, namespace));
}

/** The routes of a VirtualService that calls to the host take from such gateways. */
function routesFrom(
    service: VirtualService,
    host: string,
    isWanted: (gateway: string) => boolean,
): { route: Route; gateway: string }[] {
    return service.routes.flatMap((route) =>
        route.matches.flatMap((match) => {
            const gateway = match.gateways.find(isWanted);
            const isForHost = match.sniHosts.length === 0 || match.sniHosts.some((name) => covers(name, host));
            return gateway !== undefined && isForHost ? [{ route, gateway }] : [];
        }),
    );
}

function plainPort(number: number): EntryPort {
    return { path: "", number, protocol: number === 443 ? "TLS" : "HTTP", targetPort: number, serverPorts: [number] };
}

function place({ ref }: Viewed): string {
    return `${ref.namespace}/${ref.name}`;
}

function unique(all: Viewed[]): Viewed[] {
    return [...new Map(all.map((one) => [`${one.ref.kind} ${place(one)}`, one])).values()];
}
