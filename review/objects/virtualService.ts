import { Fields, fields, list, number, text, textMap, texts } from "../fields";
import { fullHost } from "../hosts";
import { RawObject, Viewed, objectRef } from "../rawObject";

export const MESH = "mesh";

export type RouteKind = "http" | "tls" | "tcp";

/** One condition under which a route is taken. */
export interface RouteMatch {
    /** `mesh`, or `namespace/name` of a Gateway. */
    gateways: string[];
    port?: number;
    sniHosts: string[];
    /** Labels of the workloads that take it. */
    sourceLabels: Record<string, string>;
    /** Whether it asks for more than a gateway and a port. */
    isNarrow: boolean;
}

export interface RouteDestination {
    host: string;
    port?: number;
    subset?: string;
}

export interface Route {
    kind: RouteKind;
    path: string;
    matches: RouteMatch[];
    destinations: RouteDestination[];
}

export interface VirtualService extends Viewed {
    hosts: string[];
    gateways: string[];
    exportTo: string[];
    routes: Route[];
}

export function readVirtualService(object: RawObject): VirtualService {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const gateways = gatewayNames(texts(spec.gateways), ref.namespace);
    const bound = gateways.length > 0 ? gateways : [MESH];
    const routes = (["http", "tls", "tcp"] as const).flatMap((kind) =>
        list(spec[kind]).map((value, index) =>
            readRoute(kind, `spec.${kind}[${index}]`, fields(value), ref.namespace, bound),
        ),
    );
    return {
        ref,
        hosts: texts(spec.hosts).map((host) => fullHost(host, ref.namespace)),
        gateways: bound,
        exportTo: texts(spec.exportTo),
        routes,
    };
}

function readRoute(kind: RouteKind, path: string, route: Fields, namespace: string, bound: string[]): Route {
    const matches = list(route.match).map((value): RouteMatch => {
        const { gateways, port, ...others } = fields(value);
        const own = gatewayNames(texts(gateways), namespace);
        return {
            gateways: own.length > 0 ? own : bound,
            port: number(port),
            sniHosts: texts(others.sniHosts),
            sourceLabels: textMap(others.sourceLabels),
            isNarrow: Object.keys(others).some((key) => key !== "name"),
        };
    });
    return {
        kind,
        path,
        matches: matches.length > 0 ? matches : [{ gateways: bound, sniHosts: [], sourceLabels: {}, isNarrow: false }],
        destinations: list(route.route).flatMap((value) => {
            const destination = fields(fields(value).destination);
            const host = text(destination.host);
            const port = number(fields(destination.port).number);
            return host === undefined
                ? []
                : [{ host: fullHost(host, namespace), port, subset: text(destination.subset) }];
        }),
    };
}

function gatewayNames(names: string[], namespace: string): string[] {
    return names.map((name) => (name === MESH || name.includes("/") ? name : `${namespace}/${name}`));
}
