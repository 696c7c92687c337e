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
