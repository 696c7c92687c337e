import { fields, has, list, number, text, textMap, texts } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";
import { isHttp } from "./protocols";
import { ListenerChoice, RouteKind } from "./virtualService";

/** A host that a server answers for. */
export interface ServerHost {
    host: string;
    /** The namespace that routes for it must be in; absent where all may. */
    namespace?: string;
}

export interface GatewayServer {
    path: string;
    port: number;
    /** In upper case. */
    protocol: string;
    bind?: string;
    /** Absent where the server speaks plaintext. */
    tlsMode?: string;
    /** Without the namespaces that they may be routed from. */
    hosts: string[];
    serverHosts: ServerHost[];
    /** Gateway API: the name of the listener. */
    section?: string;
}

/** A Gateway, Istio's own or one of the Gateway API. */
export interface Gateway extends Viewed {
    /** By which routes are bound to it: `namespace/name`, and for the Gateway API `gateway-api:namespace/name`. */
    id: string;
    /** Labels of the pods that are the gateway; empty where Istio makes the pods itself. */
    selector: Record<string, string>;
    servers: GatewayServer[];
    /** Where its pods are; absent where the object does not say it. */
    podNamespace?: string;
}

export function readGateway(object: RawObject): Gateway {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    return {
        ref,
        id: `${ref.namespace}/${ref.name}`,
        selector: textMap(spec.selector),
        servers: list(spec.servers).flatMap((value, index) => {
            const server = fields(value);
            const port = fields(server.port);
            const own = number(port.number);
            if (own === undefined) {
                return [];
            }
            const serverHosts = texts(server.hosts).map((host) => serverHost(host, ref.namespace));
            const protocol = (text(port.protocol) ?? "").toUpperCase();
            const tlsMode = text(fields(server.tls).mode) ?? "PASSTHROUGH";
            // On a port of HTTP, that only says that plaintext is redirected.
            const hasTls = has(server, "tls") && !(isHttp(protocol) && tlsMode === "PASSTHROUGH");
            return [
                {
                    path: `spec.servers[${index}]`,
                    port: own,
                    protocol,
                    bind: text(server.bind),
                    ...(hasTls && { tlsMode }),
                    hosts: serverHosts.map(({ host }) => host),
                    serverHosts,
                },
            ];
        }),
    };
}

/** `namespace/host`, where the namespace may be `*` for all and `.` for the Gateway's own. */
function serverHost(value: string, own: string): ServerHost {
    const slash = value.indexOf("/");
    const namespace = value.slice(0, Math.max(slash, 0));
    return {
        host: value.slice(slash + 1).toLowerCase(),
        ...(namespace !== "" && namespace !== "*" && { namespace: namespace === "." ? own : namespace }),
    };
}

/** The kind of route that a server looks for; undefined where it looks for none. */
export function servedRoutes({ protocol, tlsMode }: GatewayServer): RouteKind | undefined {
    if (isHttp(protocol)) {
        return "http";
    }
    if (tlsMode === "AUTO_PASSTHROUGH") {
        return undefined;
    }
    if (tlsMode === "PASSTHROUGH") {
        return "tls";
    }
    return protocol === "HTTPS" ? "http" : "tcp";
}

/** Whether a server answers for a host of a route in this namespace. */
export function serves(
    { serverHosts }: GatewayServer,
    isServed: (host: string) => boolean,
    namespace: string,
): boolean {
    return serverHosts.some(({ host, namespace: only }) => (only ?? namespace) === namespace && isServed(host));
}

/** The servers that a route is for: all, or the listeners that it asks for by name or port. */
export function chosenServers(gateway: Gateway | undefined, choice: ListenerChoice | undefined): GatewayServer[] {
    const { section, port } = choice ?? {};
    return (gateway?.servers ?? []).filter(
        (server) => (section ?? server.section) === server.section && (port ?? server.port) === server.port,
    );
}
