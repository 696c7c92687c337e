import { Fields, fields, has, list, number, text } from "../fields";
import { serviceNamespace } from "../hosts";
import { RawObject, objectRef } from "../rawObject";
import { Gateway, GatewayServer } from "./gateway";

/** Classes whose data plane is Envoy, configured by istiod. */
const ISTIO_CLASSES = ["istio", "istio-remote", "istio-east-west"];
const WAYPOINT_CLASSES = ["istio-waypoint", "istio-remote-waypoint"];

export function gatewayClass(object: RawObject): string {
    return text(fields(object.spec).gatewayClassName) ?? "";
}

export function isIstioClass(name: string): boolean {
    return ISTIO_CLASSES.includes(name);
}

export function isWaypointClass(name: string): boolean {
    return WAYPOINT_CLASSES.includes(name);
}

export function gatewayApiId(namespace: string, name: string): string {
    return `gateway-api:${namespace}/${name}`;
}

/** A Gateway API Gateway in the terms of Istio's own. Istio creates its pods in its namespace, unless it names a Service. */
export function readGatewayApiGateway(object: RawObject): Gateway {
    const spec = fields(object.spec);
    const ref = objectRef(object);
    const manual = list(spec.addresses)
        .map(fields)
        .map(({ type, value }) => (type === "Hostname" ? text(value) : undefined))
        .find((value) => value !== undefined);
    return {
        ref,
        id: gatewayApiId(ref.namespace, ref.name),
        selector: {},
        servers: list(spec.listeners).flatMap((value, index) =>
            readListener(fields(value), `spec.listeners[${index}]`, ref.namespace),
        ),
        podNamespace: (manual && serviceNamespace(manual)) ?? ref.namespace,
    };
}

function readListener(listener: Fields, path: string, own: string): GatewayServer[] {
    const port = number(listener.port);
    if (port === undefined) {
        return [];
    }
    const host = text(listener.hostname) ?? "*";
    const from = text(fields(fields(listener.allowedRoutes).namespaces).from) ?? "Same";
    return [
        {
            path,
            port,
            protocol: (text(listener.protocol) ?? "").toUpperCase(),
            ...(has(listener, "tls") && { tlsMode: tlsMode(fields(listener.tls)) }),
            hosts: [host],
            serverHosts: [{ host, ...(from === "Same" && { namespace: own }) }],
            section: text(listener.name),
        },
    ];
}

function tlsMode(tls: Fields): string {
    if (tls.mode === "Passthrough") {
        return "PASSTHROUGH";
    }
    const asked = text(fields(tls.options)["gateway.istio.io/tls-terminate-mode"]);
    return asked ?? (has(tls, "frontendValidation") ? "MUTUAL" : "SIMPLE");
}
