import { GatewayLocation, gatewayServiceHost } from "../../plan/mesh/gateway";
import { KubernetesObject, istioObject } from "../../plan/shared/kubernetesObject";
import { hostLabel, hostObjectName } from "../../plan/shared/names";
import { GATEWAY } from "../cluster/benchMesh";
import { ADDRESS, CLIENTS } from "../cluster/partner";

/** Where the layout's gateway is, what it shows to the partner, and where that is. */
interface GuidesPlace {
    gateway: GatewayLocation;
    credential: string;
    address: string;
}

const BENCH: GuidesPlace = { gateway: GATEWAY, credential: CLIENTS.ecdsa, address: ADDRESS };

/**
 * The objects of Istio's task "Egress Gateways with TLS Origination" for a host that requires a client certificate: one of
 * each kind. Only the objects' names differ, and the address, which keeps Envoy from asking DNS for hosts
 * that are not there.
 */
export function guidesLayout(
    host: string,
    port: number,
    { gateway, credential, address }: GuidesPlace = BENCH,
): KubernetesObject[] {
    const name = hostObjectName(host);
    const label = hostLabel(host);
    const { namespace } = gateway;
    const metadata = (what: string) => ({ name: `${name}-${what}`, namespace });
    const gatewayHost = gatewayServiceHost(gateway);
    return [
        istioObject("DestinationRule", metadata("originate"), {
            host,
            trafficPolicy: {
                loadBalancer: { simple: "ROUND_ROBIN" },
                portLevelSettings: [
                    { port: { number: 443 }, tls: { mode: "MUTUAL", credentialName: credential, sni: host } },
                ],
            },
        }),
        istioObject(
            "Gateway",
            { name: label, namespace },
            {
                selector: { istio: gateway.name },
                servers: [
                    {
                        port: { number: 443, name: "https", protocol: "HTTPS" },
                        hosts: [host],
                        tls: { mode: "ISTIO_MUTUAL" },
                    },
                ],
            },
        ),
        istioObject("DestinationRule", metadata("gateway"), {
            host: gatewayHost,
            subsets: [
                {
                    name: label,
                    trafficPolicy: {
                        loadBalancer: { simple: "ROUND_ROBIN" },
                        portLevelSettings: [{ port: { number: 443 }, tls: { mode: "ISTIO_MUTUAL", sni: host } }],
                    },
                },
            ],
        }),
        istioObject("VirtualService", metadata("way"), {
            hosts: [host],
            gateways: [label, "mesh"],
            http: [
                {
                    match: [{ gateways: ["mesh"], port: 80 }],
                    route: [{ destination: { host: gatewayHost, subset: label, port: { number: 443 } }, weight: 100 }],
                },
                {
                    match: [{ gateways: [label], port: 443 }],
                    route: [{ destination: { host, port: { number: 443 } }, weight: 100 }],
                },
            ],
        }),
        istioObject("ServiceEntry", metadata("entry"), {
            hosts: [host],
            ports: [
                { number: 80, name: "http", protocol: "HTTP" },
                { number: 443, name: "https", protocol: "HTTPS", targetPort: port },
            ],
            resolution: "DNS",
            endpoints: [{ address }],
        }),
    ];
}
