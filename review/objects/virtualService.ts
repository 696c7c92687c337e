import { Fields, fields, has, list, number, text, textMap, texts } from "../fields";
import { fullHost } from "../hosts";
import { ObjectRef, RawObject, Viewed, objectRef } from "../rawObject";

export const MESH = "mesh";

export type RouteKind = "http" | "tls" | "tcp";

/** One condition under which a route is taken. */
export interface RouteMatch {
    path: string;
    /** `mesh`, or a Gateway's id. */
    gateways: string[];
    /** Whether it names the gateways itself. */
    namesGateways: boolean;
    /** Gateways that it names in vain, as the object has them: the VirtualService is not bound to them. */
    unboundGateways?: string[];
    port?: number;
    sniHosts: string[];
    /** The host that a request must name, where one is asked for. */
    authority?: string;
    /** Labels of the workloads that take it. */
    sourceLabels: Record<string, string>;
    /** Whether it asks for more than a gateway and a port. */
    isNarrow: boolean;
}

export interface RouteDestination {
    path: string;
    host: string;
    port?: number;
    /** Whether it says which port, known or not. */
    namesPort: boolean;
    subset?: string;
}

export interface Route extends Viewed {
    kind: RouteKind;
    path: string;
    matches: RouteMatch[];
    destinations: RouteDestination[];
    /** The host that requests name from there on, where the route changes it. */
    rewrittenHost?: string;
    /** The VirtualService (`namespace/name`) that says where calls go. */
    delegate?: string;
}

export interface VirtualService extends Viewed {
    /** In lower case, as Istio compares them with the hosts that it knows. */
    hosts: string[];
    gateways: string[];
    /** The gateways as the object has them. */
    writtenGateways: string[];
    exportTo: string[];
    routes: Route[];
    /** Whether it is Istio's own kind: two of those for one host conflict. */
    isExclusive: boolean;
    /** Gateway API: the listener that the route asks for. */
    listener?: ListenerChoice;
}

/** By which a route of the Gateway API chooses among the listeners of its Gateway. */
export interface ListenerChoice {
    /** Where in the object the reference to the Gateway is. */
    path: string;
    section?: string;
    port?: number;
}

export function readVirtualService(object: RawObject): VirtualService {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const gateways = gatewayIds(texts(spec.gateways), ref.namespace);
    const bound = gateways.length > 0 ? gateways : [MESH];
    // A delegate has those of its root, and a preview may not know all of them.
    const isBinding = texts(spec.hosts).length > 0 && texts(spec.gateways).length === list(spec.gateways).length;
    const routes = (["http", "tls", "tcp"] as const).flatMap((kind) =>
        list(spec[kind]).map((value, index) =>
            readRoute(kind, `spec.${kind}[${index}]`, fields(value), ref, bound, isBinding),
        ),
    );
    return {
        ref,
        hosts: texts(spec.hosts).map((host) => fullHost(host.toLowerCase(), ref.namespace)),
        gateways: bound,
        writtenGateways: texts(spec.gateways),
        exportTo: texts(spec.exportTo),
        routes,
        isExclusive: true,
    };
}

/** Where these routes lead the calls of workloads. */
export function meshDestinations(routes: Route[]): RouteDestination[] {
    return routes.filter(isForMesh).flatMap(({ destinations }) => destinations);
}

export function isForMesh({ matches }: Route): boolean {
    return matches.some(({ gateways }) => gateways.includes(MESH));
}

function readRoute(
    kind: RouteKind,
    path: string,
    route: Fields,
    ref: ObjectRef,
    bound: string[],
    isBinding: boolean,
): Route {
    const matches = list(route.match).map((value, index) =>
        readMatch(fields(value), `${path}.match[${index}]`, ref, bound, isBinding),
    );
    const rest = { sniHosts: [], sourceLabels: {}, isNarrow: false, namesGateways: false };
    return {
        ref,
        kind,
        path,
        matches: matches.length > 0 ? matches : [{ path, gateways: bound, ...rest }],
        destinations: list(route.route).flatMap((value, index) => {
            const destination = fields(fields(value).destination);
            const host = text(destination.host);
            const port = number(fields(destination.port).number);
            const subset = text(destination.subset);
            const at = `${path}.route[${index}].destination`;
            const namesPort = has(destination, "port");
            return host === undefined
                ? []
                : [{ path: at, host: fullHost(host, ref.namespace), port, namesPort, subset }];
        }),
        rewrittenHost: rewrittenHost(route),
        ...(has(route, "delegate") && { delegate: delegateOf(fields(route.delegate), ref.namespace) }),
    };
}

/** Istio looks only at the gateways that the VirtualService is bound to. */
function readMatch(match: Fields, path: string, ref: ObjectRef, bound: string[], isBinding: boolean): RouteMatch {
    const { gateways, port, ...others } = match;
    const written = texts(gateways);
    const own = gatewayIds(written, ref.namespace);
    const isBound = (id: string) => !isBinding || bound.includes(id);
    const unbound = written.filter((_, index) => !isBound(own[index]));
    return {
        path,
        gateways: own.length > 0 ? own.filter(isBound) : bound,
        namesGateways: own.length > 0,
        ...(unbound.length > 0 && { unboundGateways: unbound }),
        port: number(port),
        sniHosts: texts(others.sniHosts),
        authority: text(fields(others.authority).exact),
        sourceLabels: textMap(others.sourceLabels),
        isNarrow: Object.keys(others).some((key) => key !== "name"),
    };
}

function rewrittenHost(route: Fields): string | undefined {
    const headers = fields(fields(fields(route.headers).request).set);
    const header = Object.entries(headers).find(([name]) => [":authority", "host"].includes(name.toLowerCase()));
    return text(fields(route.rewrite).authority) ?? text(header?.[1]);
}

function delegateOf({ name, namespace }: Fields, own: string): string {
    return `${text(namespace) ?? own}/${text(name) ?? ""}`;
}

/** As Istio resolves them: `namespace/name`, `./name`, `name`, and the old `name.namespace.svc.cluster.local`. */
function gatewayIds(names: string[], own: string): string[] {
    return names.map((name) => {
        if (name === MESH) {
            return MESH;
        }
        if (name.includes("/")) {
            return name.startsWith("./") ? `${own}/${name.slice(2)}` : name;
        }
        const [first, second] = name.split(".");
        return second === undefined ? `${own}/${name}` : `${second}/${first}`;
    });
}
