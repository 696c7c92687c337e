import { Fields, fields, has, list, number, text, texts } from "../fields";
import { serviceHost } from "../../plan/shared/serviceHost";
import { ObjectRef, RawObject, objectRef } from "../rawObject";
import { Gateway, chosenServers } from "./gateway";
import { gatewayApiId } from "./gatewayApi";
import { GATEWAY_API, ISTIO_NETWORKING } from "./kinds";
import { ServiceEntry } from "./serviceEntry";
import { ListenerChoice, MESH, Route, RouteDestination, RouteKind, RouteMatch, VirtualService } from "./virtualService";

const KINDS: Record<string, RouteKind> = { HTTPRoute: "http", GRPCRoute: "http", TLSRoute: "tls", TCPRoute: "tcp" };

export const ROUTE_KINDS = Object.keys(KINDS);

/** What a route's parents can be, as far as the review knows their calls. */
const PARENT_KINDS = ["Gateway", "Service", "ServiceEntry"];

/** The first parent of a kind that the review does not know, such as a ListenerSet. */
export function unknownParent(object: RawObject): string | undefined {
    return list(fields(object.spec).parentRefs)
        .map((parent) => text(fields(parent).kind) ?? "Gateway")
        .find((kind) => !PARENT_KINDS.includes(kind));
}

/** Looks up what a route refers to. */
export interface RouteParents {
    entry: (namespace: string, name: string) => ServiceEntry | undefined;
    gateway: (id: string) => Gateway | undefined;
}

interface Parent {
    path: string;
    group: string;
    kind: string;
    namespace: string;
    name: string;
    port?: number;
    section?: string;
}

/** A Gateway API route as Istio reads it: one VirtualService for each of its parents. */
export function readGatewayApiRoute(object: RawObject, parents: RouteParents): VirtualService[] {
    const ref = objectRef(object);
    const spec = fields(object.spec);
    return list(spec.parentRefs).flatMap((value, index) => {
        const parent = readParent(fields(value), `spec.parentRefs[${index}]`, ref.namespace);
        const bound = bind(parent, ref.namespace, texts(spec.hostnames), parents);
        return bound
            ? [{ ref, ...bound, writtenGateways: [], routes: readRoutes(object, ref, bound), isExclusive: false }]
            : [];
    });
}

interface Binding {
    hosts: string[];
    gateways: string[];
    exportTo: string[];
    ports: (number | undefined)[];
    listener?: ListenerChoice;
}

function readParent(parent: Fields, path: string, own: string): Parent {
    return {
        path,
        group: text(parent.group) ?? (parent.group === "" ? "" : GATEWAY_API),
        kind: text(parent.kind) ?? "Gateway",
        namespace: text(parent.namespace) ?? own,
        name: text(parent.name) ?? "",
        port: number(parent.port),
        section: text(parent.sectionName),
    };
}

/** A route of the mesh applies to all callers if it is in its parent's namespace, else only to those of its own. */
function bind(parent: Parent, own: string, hostnames: string[], { entry, gateway }: RouteParents): Binding | undefined {
    const { path, group, kind, namespace, name, port, section } = parent;
    if (group === GATEWAY_API && kind === "Gateway") {
        const id = gatewayApiId(namespace, name);
        const listener = section !== undefined || port !== undefined ? { path, section, port } : undefined;
        return {
            hosts: hostnames.length > 0 ? hostnames : ["*"],
            gateways: [id],
            exportTo: [],
            ports: listener ? chosenServers(gateway(id), listener).map((server) => server.port) : [undefined],
            ...(listener && { listener }),
        };
    }
    const hosts =
        group === ISTIO_NETWORKING && kind === "ServiceEntry"
            ? entry(namespace, name)?.hosts
            : group === "" && kind === "Service"
              ? [serviceHost(name, namespace)]
              : undefined;
    return hosts && { hosts, gateways: [MESH], exportTo: namespace === own ? [] : ["."], ports: [port] };
}

function readRoutes(object: RawObject, ref: ObjectRef, { gateways, ports, hosts }: Binding): Route[] {
    const kind = KINDS[object.kind] ?? "http";
    return list(fields(object.spec).rules).map((value, index) => {
        const path = `spec.rules[${index}]`;
        const rule = fields(value);
        const isNarrow = list(rule.matches).length > 0 && !list(rule.matches).some(takesAll);
        const matches = ports.map((port): RouteMatch => ({
            path,
            gateways,
            namesGateways: true,
            port,
            sniHosts: kind === "tls" ? hosts : [],
            sourceLabels: {},
            isNarrow,
        }));
        const destinations = list(rule.backendRefs).flatMap((backend, position) =>
            readBackend(fields(backend), `${path}.backendRefs[${position}]`, ref.namespace),
        );
        return { ref, kind, path, matches, destinations, rewrittenHost: rewrittenHost(list(rule.filters)) };
    });
}

function takesAll(match: unknown): boolean {
    const { path, ...others } = fields(match);
    const { type, value } = fields(path);
    const isAnyPath = !has(fields(match), "path") || ((type ?? "PathPrefix") === "PathPrefix" && value === "/");
    return isAnyPath && Object.keys(others).length === 0;
}

function readBackend(backend: Fields, path: string, own: string): RouteDestination[] {
    const name = text(backend.name);
    const group = text(backend.group) ?? "";
    const kind = text(backend.kind) ?? "Service";
    const port = number(backend.port);
    if (name === undefined) {
        return [];
    }
    if (group === ISTIO_NETWORKING && kind === "Hostname") {
        return [{ path, host: name, port, namesPort: has(backend, "port") }];
    }
    const isService = group === "" && kind === "Service";
    return isService
        ? [{ path, host: serviceHost(name, text(backend.namespace) ?? own), port, namesPort: has(backend, "port") }]
        : [];
}

function rewrittenHost(filters: unknown[]): string | undefined {
    return filters.map((filter) => text(fields(fields(filter).urlRewrite).hostname)).find((host) => host !== undefined);
}
