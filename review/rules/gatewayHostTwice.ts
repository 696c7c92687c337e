import { addTo } from "../groupBy";
import { Gateway, GatewayServer } from "../objects/gateway";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { selects } from "../mesh/labels";

/** Compares hosts as Envoy does, by SNI: the namespace before the slash does not tell two servers apart. */
export const gatewayHostTwice: Rule = {
    id: "gateway-host-twice",
    title: "Two TLS servers of a gateway have the same port and host.",
    why: "Istio drops the whole second server with all its hosts, and reports it only in istiod's log.",
    severity: "advisory",
    find: ({ gateways }) => {
        const byListener = new Map<string, { gateway: Gateway; server: GatewayServer }[]>();
        const all = gateways
            .filter(({ podNamespace }) => podNamespace === undefined)
            .flatMap((gateway) =>
                gateway.servers.filter(({ tlsMode }) => tlsMode !== undefined).map((server) => ({ gateway, server })),
            );
        return all.flatMap(({ gateway, server }) =>
            server.hosts.flatMap((host, position) => {
                const listener = `${server.port} ${server.bind ?? ""} ${host}`;
                const first = byListener
                    .get(listener)
                    ?.find((other) => other.server !== server && samePods(gateway, other.gateway));
                addTo(byListener, listener, { gateway, server });
                return first
                    ? [
                          finding(gateway, {
                              path: `${server.path}.hosts[${position}]`,
                              value: host,
                              problem: `is already a host of ${first.server.path} of ${describeRef(first.gateway.ref)} on port ${server.port}, so Istio drops one of the two servers`,
                              expected: "each host in only one TLS server of a port",
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
