import { fields, has, list, number, text, textMap, texts } from "../fields";
import { RawObject, Viewed, objectRef } from "../rawObject";

export interface GatewayServer {
    path: string;
    port: number;
    bind?: string;
    /** Absent where the server speaks plaintext. */
    tlsMode?: string;
    /** Without the namespaces that they may be routed from. */
    hosts: string[];
}

/** Istio's own Gateway. */
export interface Gateway extends Viewed {
    selector: Record<string, string>;
    servers: GatewayServer[];
}

export function readGateway(object: RawObject): Gateway {
    const spec = fields(object.spec);
    return {
        ref: objectRef(object),
        selector: textMap(spec.selector),
        servers: list(spec.servers).flatMap((value, index) => {
            const server = fields(value);
            const port = number(fields(server.port).number);
            if (port === undefined) {
                return [];
            }
            return [
                {
                    path: `spec.servers[${index}]`,
                    port,
                    bind: text(server.bind),
                    ...(has(server, "tls") && { tlsMode: text(fields(server.tls).mode) ?? "PASSTHROUGH" }),
                    hosts: texts(server.hosts).map((host) => host.replace(/^[^/]*\//, "")),
                },
            ];
        }),
    };
}

/** The name by which routes are bound to it. */
export function gatewayName({ ref }: Gateway): string {
    return `${ref.namespace}/${ref.name}`;
}
