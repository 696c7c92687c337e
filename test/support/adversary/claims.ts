import type { AnyObject } from "../../../lab/proof/cluster";

/*
 * Objects by which a namespace other than the gateway's says where calls to an egress host, or to the gateway itself, go:
 * in every spelling that Istio takes for the same. Each is valid, and passes for an administrator.
 */

export interface Claim {
    claim: string;
    message: RegExp;
    /** Without a namespace. */
    object: AnyObject;
}

interface Names {
    host: string;
    gateway: { name: string; namespace: string };
}

const istio = (kind: string, spec: object): AnyObject => ({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "try" },
    spec,
});

const http = [{ route: [{ destination: { host: "try" } }] }];
const virtualService = (hosts: string[], more = {}) => istio("VirtualService", { hosts, http, ...more });
const destinationRule = (host: string) =>
    istio("DestinationRule", { host, trafficPolicy: { tls: { mode: "DISABLE" } } });
const serviceEntry = (host: string) =>
    istio("ServiceEntry", {
        hosts: [host],
        ports: [{ number: 80, name: "http", protocol: "HTTP" }],
        resolution: host.startsWith("*") ? "NONE" : "DNS",
    });

/** Spellings of a host, and wildcards that it is below. */
function spellings(host: string): string[] {
    const [first, ...rest] = host.split(".");
    const parent = rest.join(".");
    return [
        host,
        `${host}.`,
        host.toUpperCase(),
        `${first[0].toUpperCase()}${host.slice(1)}.`,
        `*.${parent}`,
        `*.${parent}.`,
        `*.${parent.toUpperCase()}`,
        `*.${rest.slice(1).join(".")}`,
    ];
}

export function claims({ host, gateway }: Names): Claim[] {
    const taken = /The host .* belongs to the egress gateway/;
    const own = /Only its own namespace may route calls to the egress gateway/;
    const { name, namespace } = gateway;
    return [
        ...spellings(host).flatMap((spelled) => [
            { claim: `a VirtualService of ${spelled}`, message: taken, object: virtualService([spelled]) },
            { claim: `a DestinationRule of ${spelled}`, message: taken, object: destinationRule(spelled) },
        ]),
        ...[
            [],
            ["mesh"],
            [`${namespace}/${name}`],
            [`${name}.${namespace}`],
            [`${name}.${namespace}.svc.cluster.local`],
        ].map((gateways) => ({
            claim: `a VirtualService for the gateways ${JSON.stringify(gateways)}`,
            message: taken,
            object: virtualService([host], { gateways }),
        })),
        {
            claim: "a VirtualService with the host after another",
            message: taken,
            object: virtualService(["mine.example", host]),
        },
        ...[
            `${name}.${namespace}.svc.cluster.local`,
            `${name}.${namespace}.svc.cluster.local.`,
            `${name}.${namespace}.svc`,
            `${name}.${namespace}`,
            `${name}.${namespace}.SVC.cluster.local`,
            `${name}.${namespace}.svc.another.domain`,
            `*.${namespace}.svc.cluster.local`,
            "*.svc.cluster.local",
            "*.local",
        ].flatMap((spelled) => [
            { claim: `a DestinationRule of the gateway as ${spelled}`, message: own, object: destinationRule(spelled) },
            { claim: `a VirtualService of the gateway as ${spelled}`, message: own, object: virtualService([spelled]) },
        ]),
        ...[{ istio: name }, { app: name }, {}, undefined].map((selector) => ({
            claim: `a Gateway with the selector ${JSON.stringify(selector)}`,
            message: /A Gateway with this selector would configure the pods of the egress gateway/,
            object: istio("Gateway", {
                selector,
                servers: [{ port: { number: 443, name: "http", protocol: "HTTP" }, hosts: ["mine.example"] }],
            }),
        })),
    ];
}

/** The same for kinds that only a namespace which is not locked may write. */
export function openClaims({ host, gateway }: Names): Claim[] {
    return [
        ...spellings(host).map((spelled) => ({
            claim: `a ServiceEntry of ${spelled}`,
            message: /The host .* belongs to the egress gateway/,
            object: serviceEntry(spelled),
        })),
        {
            claim: "a ServiceEntry of the gateway",
            message: /Only its own namespace may route calls to the egress gateway/,
            object: serviceEntry(`${gateway.name}.${gateway.namespace}.svc.cluster.local`),
        },
    ];
}

const gatewayApi = (kind: string, spec: object, apiVersion = "gateway.networking.k8s.io/v1"): AnyObject => ({
    apiVersion,
    kind,
    metadata: { name: "try" },
    spec,
});

const route = (kind: string, parentRefs: object[]): AnyObject =>
    gatewayApi(kind, { parentRefs, rules: [{ backendRefs: [{ name: "try", port: 80 }] }] });

const listeners = [{ name: "http", port: 80, protocol: "HTTP" }];
const apiGateway = (value: string) =>
    gatewayApi("Gateway", { gatewayClassName: "istio", listeners, addresses: [{ type: "Hostname", value }] });

/** The same in the Gateway API, which no controller of the lab has: Istio reads these kinds too. */
export function gatewayApiClaims({ gateway: { name, namespace } }: Names): Claim[] {
    const own = /Only its own namespace may route calls to the egress gateway/;
    const gateway = { namespace, name };
    const service = { group: "", kind: "Service", namespace, name, port: 443 };
    const entry = { group: "networking.istio.io", kind: "ServiceEntry", namespace, name: "partner" };
    const mine = { name: "mine" };
    return [
        ...["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"].map((kind) => ({ kind, parents: [gateway] })),
        ...[[service], [entry], [mine, service]].map((parents) => ({ kind: "HTTPRoute", parents })),
    ]
        .map(({ kind, parents }) => ({
            claim: `a ${kind} of ${JSON.stringify(parents)}`,
            message: own,
            object:
                kind === "TLSRoute"
                    ? gatewayApi(kind, {
                          parentRefs: parents,
                          hostnames: ["mine.example"],
                          rules: [{ backendRefs: [{ name: "try", port: 80 }] }],
                      })
                    : route(kind, parents),
        }))
        .concat(
            {
                claim: "a ListenerSet of the gateway",
                message: own,
                object: gatewayApi("ListenerSet", { parentRef: gateway, listeners }),
            },
            ...[
                `${name}.${namespace}`,
                `${name}.${namespace}.svc`,
                `${name}.${namespace}.svc.cluster.local`,
                `${name}.${namespace}.svc.another.domain`,
            ].map((value) => ({
                claim: `a Gateway with the address ${value}`,
                message: /The address of this Gateway is that of the egress gateway/,
                object: apiGateway(value),
            })),
        );
}

/** What is like a claim in the Gateway API, and is none. */
export function noGatewayApiClaims({ host }: Names): AnyObject[] {
    return [
        route("HTTPRoute", [{ name: "mine" }]),
        route("HTTPRoute", [{ namespace: "istio-ingress", name: "public" }]),
        gatewayApi("HTTPRoute", { parentRefs: [{ name: "mine" }], hostnames: [host] }),
        route("HTTPRoute", [{ group: "", kind: "Service", name: "mine", port: 80 }]),
        apiGateway("mine.example"),
    ];
}

/** What is like a claim, and is none. */
export function noClaims({ host }: Names): AnyObject[] {
    return [
        virtualService(["mine.example"]),
        virtualService([`not-${host}`]),
        virtualService([host], { gateways: ["ingress"] }),
        virtualService([host], { gateways: ["istio-ingress/public"] }),
        virtualService(["*"], { gateways: ["ingress"] }),
        destinationRule("mine"),
        destinationRule("mine.svc"),
        destinationRule(`*.${host}`),
        istio("Gateway", {
            selector: { istio: "ingressgateway" },
            servers: [{ port: { number: 443, name: "http", protocol: "HTTP" }, hosts: ["mine.example"] }],
        }),
    ];
}
