import { RawObject } from "../../review/rawObject";
import { ReviewContext } from "../../review/reviewContext";
import { reviewObjects } from "../../review/reviewObjects";

/*
 * Objects as users write them, short enough to see in a test what matters.
 */

type Spec = Record<string, unknown>;

/** `name` may begin with a namespace: `payments/partner`. */
function object(apiVersion: string, kind: string, name: string, rest: object): RawObject {
    const [namespace, own] = name.includes("/") ? name.split("/") : ["default", name];
    return { apiVersion, kind, metadata: { namespace, name: own }, ...rest };
}

function istio(kind: string, name: string, spec: Spec): RawObject {
    return object("networking.istio.io/v1", kind, name, { spec });
}

export const HTTP = { number: 80, name: "http", protocol: "HTTP" };
export const HTTP_TO_TLS = { ...HTTP, targetPort: 443 };
export const HTTPS = { number: 443, name: "https", protocol: "HTTPS" };
export const TCP = { number: 5432, name: "tcp", protocol: "TCP" };

export function serviceEntry(name: string, hosts: string[], ports: object[], rest: Spec = {}): RawObject {
    return istio("ServiceEntry", name, { hosts, ports, resolution: "DNS", location: "MESH_EXTERNAL", ...rest });
}

export function destinationRule(name: string, host: string, tls: Spec | undefined, rest: Spec = {}): RawObject {
    return istio("DestinationRule", name, { host, ...(tls && { trafficPolicy: { tls } }), ...rest });
}

export function virtualService(name: string, hosts: string[], gateways: string[], rest: Spec): RawObject {
    return istio("VirtualService", name, { hosts, gateways, ...rest });
}

export function gateway(name: string, servers: object[], selector: Spec = { istio: "egress" }): RawObject {
    return istio("Gateway", name, { selector, servers });
}

export function server(
    number: number,
    protocol: string,
    hosts: string[],
    mode?: string,
): { tls?: { mode: string } } & Record<string, unknown> {
    return { port: { number, name: `p-${number}`, protocol }, hosts, ...(mode && { tls: { mode } }) };
}

export function service(name: string, spec: Spec): RawObject {
    return object("v1", "Service", name, { spec });
}

/** A secret whose values are never to be seen. */
export function secret(name: string, keys: string[], type = "Opaque"): RawObject {
    return object("v1", "Secret", name, { type, data: Object.fromEntries(keys.map((key) => [key, SECRET_VALUE])) });
}

export const SECRET_VALUE = "c2VjcmV0IHZhbHVl";

export function gatewayApi(kind: string, name: string, spec: Spec): RawObject {
    return object("gateway.networking.k8s.io/v1", kind, name, { spec });
}

/** A route from a match on some gateways to a destination. */
export function way(gateways: string[], port: number, host: string, toPort: number, subset?: string): object {
    return {
        match: [{ gateways, port }],
        route: [{ destination: { host, port: { number: toPort }, ...(subset && { subset }) } }],
    };
}

/** What the review says, as `rule object path`. */
export function told(objects: RawObject[], context?: ReviewContext): string[] {
    return reviewObjects(objects, context).map(
        ({ rule, object: { kind, namespace, name }, violation }) =>
            `${rule} ${kind} ${namespace}/${name} ${violation.path}`,
    );
}

/** What some of the rules say, where a test is about these and its objects are no whole configuration. */
export function toldBy(...rules: string[]): typeof told {
    return (objects, context) => told(objects, context).filter((line) => rules.includes(line.split(" ")[0]));
}
