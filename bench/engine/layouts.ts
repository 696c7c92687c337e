import { GatewayLocation, gatewaySelector, gatewayServiceHost } from "../../plan/mesh/gateway";
import { KubernetesObject, istioObject } from "../../plan/shared/kubernetesObject";
import { hostObjectName } from "../../plan/shared/names";
import { routeObjects } from "../../plan/egress/route/routeEntries";
import { Partner } from "./partners";

/** Where everything of the benchmark is. */
export const GATEWAY: GatewayLocation = { name: "egress-gateway", namespace: "mesh-egress-bench" };
export const CALLERS = [{ namespace: "payments", serviceAccounts: ["billing"] }];

/** A credential's object: as the API server takes it, its data in base64. */
export interface SecretObject {
    apiVersion: "v1";
    kind: "Secret";
    metadata: { name: string; namespace: string };
    type: string;
    data: Record<string, string>;
}

/** PEM texts of the client certificate that every partner is shown. */
export interface Credential {
    certificate: string;
    privateKey: string;
    serverCa: string;
}

export function secretOf({ name }: Partner, { certificate, privateKey, serverCa }: Credential): SecretObject {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    return {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace: GATEWAY.namespace },
        type: "kubernetes.io/tls",
        data: { "tls.crt": base64(certificate), "tls.key": base64(privateKey), "ca.crt": base64(serverCa) },
    };
}

/** What an EgressRoute makes for a partner. */
export function ourObjects({ name, hosts }: Partner): KubernetesObject[] {
    return routeObjects({
        mode: "mutualTls",
        hosts,
        allowFrom: CALLERS,
        hasGateway: true,
        hasMesh: false,
        hasCredential: true,
        gateway: GATEWAY,
        trustDomain: "cluster.local",
        credential: name,
    });
}

/** The objects that Istio's guides use for a partner's hosts: one of each kind for each host. */
export function guideObjects({ name, hosts }: Partner): KubernetesObject[] {
    return hosts.flatMap((host) => {
        const own = hostObjectName(host);
        const metadata = (what = "") => ({ name: `${what}${own}`, namespace: GATEWAY.namespace });
        const gatewayHost = gatewayServiceHost(GATEWAY);
        return [
            istioObject("ServiceEntry", metadata(), {
                hosts: [host],
                ports: [
                    { number: 80, name: "http", protocol: "HTTP" },
                    { number: 443, name: "https", protocol: "HTTPS" },
                ],
                resolution: "DNS",
            }),
            istioObject("Gateway", metadata("gateway-"), {
                selector: gatewaySelector(GATEWAY),
                servers: [
                    {
                        port: { number: 443, name: `https-${own}`, protocol: "HTTPS" },
                        hosts: [host],
                        tls: { mode: "ISTIO_MUTUAL" },
                    },
                ],
            }),
            istioObject("DestinationRule", metadata("egressgateway-for-"), {
                host: gatewayHost,
                subsets: [
                    {
                        name: own,
                        trafficPolicy: {
                            loadBalancer: { simple: "ROUND_ROBIN" },
                            portLevelSettings: [{ port: { number: 443 }, tls: { mode: "ISTIO_MUTUAL", sni: host } }],
                        },
                    },
                ],
            }),
            istioObject("VirtualService", metadata("direct-through-egress-gateway-"), {
                hosts: [host],
                gateways: [`gateway-${own}`, "mesh"],
                http: [
                    {
                        match: [{ gateways: ["mesh"], port: 80 }],
                        route: [
                            { destination: { host: gatewayHost, subset: own, port: { number: 443 } }, weight: 100 },
                        ],
                    },
                    {
                        match: [{ gateways: [`gateway-${own}`], port: 443 }],
                        route: [{ destination: { host, port: { number: 443 } }, weight: 100 }],
                    },
                ],
            }),
            istioObject("DestinationRule", metadata("originate-mtls-for-"), {
                host,
                trafficPolicy: {
                    loadBalancer: { simple: "ROUND_ROBIN" },
                    portLevelSettings: [
                        { port: { number: 443 }, tls: { mode: "MUTUAL", credentialName: name, sni: host } },
                    ],
                },
            }),
        ];
    });
}
