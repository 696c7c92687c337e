import { Gateway, GatewayServer } from "../objects/gateway";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { selects } from "../scene";

/** Compares hosts as Envoy does, by SNI: the namespace before the slash does not tell two servers apart. */
export const gatewayHostTwice: Rule = {
    id: "gateway-host-twice",
    title: "Two TLS servers of a gateway have a port and a host in common.",
    why: "Istio drops the whole second server with all its hosts, and says so in istiod's log only.",
    find: ({ gateways }) => {
        const all = gateways.flatMap((gateway) =>
            gateway.servers.filter(({ tlsMode }) => tlsMode !== undefined).map((server) => ({ gateway, server })),
        );
        return all.flatMap(({ gateway, server }, index) =>
            server.hosts.flatMap((host, position) => {
                const first = all
                    .slice(0, index)
                    .find((other) => samePods(gateway, other.gateway) && sameListener(server, other.server, host));
                return first
                    ? [
                          finding(gateway, {
                              path: `${server.path}.hosts[${position}]`,
                              value: host,
                              problem: `is already a host of ${first.server.path} of ${describeRef(first.gateway.ref)} on port ${server.port}, so Istio drops one of the two servers`,
                              expected: "each host in one TLS server of a port",
                              fix: "Remove the host from one of them, or give one another port",
                          }),
                      ]
                    : [];
            }),
        );
    },
};

/** Whether there can be pods that both select. */
function samePods(one: Gateway, other: Gateway): boolean {
    return selects(one.selector, other.selector) || selects(other.selector, one.selector);
}

function sameListener(one: GatewayServer, other: GatewayServer, host: string): boolean {
    return one.port === other.port && one.bind === other.bind && other.hosts.includes(host);
}
