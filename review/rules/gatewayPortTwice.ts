import { isDeepStrictEqual } from "node:util";
import { selects } from "../mesh/labels";
import { Gateway, GatewayServer } from "../objects/gateway";
import { isHttp } from "../objects/protocols";
import { describeRef } from "../rawObject";
import { remembered } from "../remembered";
import { Rule, RuleFinding, finding } from "../rule";

interface Listening {
    gateway: Gateway;
    server: GatewayServer;
}

/**
 * As MergeGateways of Istio 1.31 does: servers of one port go together if both speak HTTP in plaintext, or both TLS. Ports are compared as
 * the Gateways have them, and Gateways by their selectors.
 */
export const gatewayPortTwice: Rule = {
    id: "gateway-port-twice",
    title: "Two servers of a gateway have the same port, but cannot share it.",
    why: "Istio keeps the older one and drops the other with all its routes, and reports it only in istiod's log. Recreating one changes which is older.",
    severity: "advisory",
    find: ({ gateways }) => {
        const byLabel = new Map<string, Listening[]>();
        return gateways
            .filter(({ podNamespace }) => podNamespace === undefined)
            .flatMap((gateway) => gateway.servers.map((server) => ({ gateway, server })))
            .flatMap((one): RuleFinding[] => {
                // Selectors that can select the same pods have a label in common.
                const places = Object.entries(one.gateway.selector).map((label) =>
                    remembered(byLabel, JSON.stringify([one.server.port, one.server.bind, ...label]), () => []),
                );
                const first = places
                    .flat()
                    .find((other) => !canShare(one.server, other.server) && isSamePods(one.gateway, other.gateway));
                for (const place of places) {
                    // One of each kind and selector is enough to compare others with.
                    if (!place.some((other) => isAlike(one, other))) {
                        place.push(one);
                    }
                }
                return first ? [conflict(one, first)] : [];
            });
    },
};

function canShare(one: GatewayServer, other: GatewayServer): boolean {
    const both = [one, other];
    return (
        both.every(({ tlsMode }) => tlsMode !== undefined) ||
        both.every(({ protocol, tlsMode }) => tlsMode === undefined && isHttp(protocol))
    );
}

/** Whether there can be pods that both select. */
function isSamePods(one: Gateway, other: Gateway): boolean {
    return selects(one.selector, other.selector) || selects(other.selector, one.selector);
}

function isAlike(one: Listening, other: Listening): boolean {
    return canShare(one.server, other.server) && isDeepStrictEqual(one.gateway.selector, other.gateway.selector);
}

function conflict({ gateway, server }: Listening, first: Listening): RuleFinding {
    return finding(gateway, {
        path: `${server.path}.port`,
        value: server.port,
        problem: `is the port of ${first.server.path} of ${describeRef(first.gateway.ref)} too, and ${named(server)} cannot share it with ${named(first.server)}, so Istio drops one of the two servers`,
        expected: "a port that only servers of TLS, or only servers of HTTP, have",
        fix: "Give one of them another port",
    });
}

function named({ protocol, tlsMode }: GatewayServer): string {
    return tlsMode === undefined ? `a server of ${protocol} in plaintext` : `a server of ${protocol} with TLS`;
}
