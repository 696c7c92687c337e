import { RawObject } from "../../review/rawObject";
import {
    HTTP,
    HTTPS,
    destinationRule,
    gateway,
    secret,
    server,
    service,
    serviceEntry,
    virtualService,
    way,
} from "./objects";

/*
 * The layouts that guides for egress with Istio tell: the gateway's pods in the root namespace, the other objects next to
 * the application in namespace `default`, nothing exported, and nobody asked who calls.
 */

export const HOST = "api.partner.example";
export const OLD_GATEWAY = "istio-egressgateway.istio-system.svc.cluster.local";

/** The partner's host, with HTTP and HTTPS. */
export const entry = serviceEntry("partner", [HOST], [HTTP, HTTPS]);

function egress(port: number, protocol: string, mode?: string): RawObject {
    return gateway("istio-egressgateway", [server(port, protocol, [HOST], mode)], { istio: "egressgateway" });
}

/** Plain HTTP to the gateway, and from there to a port of the host. */
export function through(port: number, toPort: number, subset?: string): RawObject {
    return virtualService("through-gateway", [HOST], ["istio-egressgateway", "mesh"], {
        http: [way(["mesh"], 80, OLD_GATEWAY, port, subset), way(["istio-egressgateway"], port, HOST, toPort)],
    });
}

function meshTls(port: number): RawObject {
    const tls = { mode: "ISTIO_MUTUAL", sni: HOST };
    return destinationRule("to-gateway", OLD_GATEWAY, undefined, {
        subsets: [
            {
                name: "partner",
                trafficPolicy: {
                    loadBalancer: { simple: "ROUND_ROBIN" },
                    portLevelSettings: [{ port: { number: port }, tls }],
                },
            },
        ],
    });
}

function originate(tls: object, name = "originate"): RawObject {
    return destinationRule(name, HOST, undefined, {
        trafficPolicy: {
            loadBalancer: { simple: "ROUND_ROBIN" },
            portLevelSettings: [{ port: { number: 443 }, tls }],
        },
    });
}

const FILES = {
    clientCertificate: "/etc/nginx-client-certs/tls.crt",
    privateKey: "/etc/nginx-client-certs/tls.key",
    caCertificates: "/etc/nginx-ca-certs/ca-chain.cert.pem",
    sni: HOST,
};

/** The gateway's pods with the client's files and the CA's mounted from two secrets. */
const mountedGateway: RawObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "istio-egressgateway", namespace: "istio-system" },
    spec: {
        template: {
            metadata: { labels: { istio: "egressgateway" } },
            spec: {
                containers: [
                    {
                        name: "istio-proxy",
                        volumeMounts: [
                            { name: "client", mountPath: "/etc/nginx-client-certs" },
                            { name: "ca", mountPath: "/etc/nginx-ca-certs/" },
                        ],
                    },
                ],
                volumes: [
                    { name: "client", secret: { secretName: "nginx-client-certs", optional: true } },
                    { name: "ca", secret: { secretName: "nginx-ca-certs", optional: true } },
                ],
            },
        },
    },
};

/** Each layout by what it is for. */
export const GUIDES = {
    entryOnly: [entry],
    httpThroughGateway: [entry, egress(80, "HTTP"), through(80, 80)],
    originationOverPlaintext: [entry, egress(80, "HTTP"), through(80, 443), originate({ mode: "SIMPLE" })],
    origination: [
        entry,
        egress(80, "HTTPS", "ISTIO_MUTUAL"),
        meshTls(80),
        through(80, 443, "partner"),
        originate({ mode: "SIMPLE" }),
    ],
    originationWithCa: [
        entry,
        egress(443, "HTTPS", "ISTIO_MUTUAL"),
        meshTls(443),
        through(443, 443, "partner"),
        originate({ mode: "SIMPLE", credentialName: "client-credential", sni: HOST }, "istio-system/originate"),
        secret("istio-system/client-credential-cacert", ["ca.crt"]),
    ],
    mutualTls: [
        entry,
        egress(443, "HTTPS", "ISTIO_MUTUAL"),
        meshTls(443),
        through(443, 443, "partner"),
        originate({ mode: "MUTUAL", credentialName: "client-credential", sni: HOST }, "istio-system/originate"),
        secret("istio-system/client-credential", ["tls.crt", "tls.key", "ca.crt"]),
    ],
    passthrough: [
        entry,
        egress(443, "HTTPS", "PASSTHROUGH"),
        virtualService("through-gateway", [HOST], ["mesh", "istio-egressgateway"], {
            tls: [
                {
                    match: [{ gateways: ["mesh"], port: 443, sniHosts: [HOST] }],
                    route: [{ destination: { host: OLD_GATEWAY, port: { number: 443 } } }],
                },
                {
                    match: [{ gateways: ["istio-egressgateway"], port: 443, sniHosts: [HOST] }],
                    route: [{ destination: { host: HOST, port: { number: 443 } } }],
                },
            ],
        }),
    ],
    httpOverMeshTls: [entry, egress(443, "HTTPS", "ISTIO_MUTUAL"), meshTls(443), through(443, 80, "partner")],
    externalName: [
        service("external", { type: "ExternalName", externalName: HOST, ports: [{ name: "http", port: 80 }] }),
    ],
    filesInGateway: [
        serviceEntry("partner", [HOST], [HTTPS]),
        egress(443, "HTTPS", "MUTUAL"),
        meshTls(443),
        through(443, 443, "partner"),
        originate({ mode: "MUTUAL", ...FILES }),
        mountedGateway,
    ],
    filesOverPlaintext: [
        entry,
        egress(80, "HTTP"),
        destinationRule("to-gateway", OLD_GATEWAY, undefined, { subsets: [{ name: "partner" }] }),
        through(80, 443, "partner"),
        originate({ mode: "MUTUAL", ...FILES }),
    ],
} satisfies Record<string, RawObject[]>;
