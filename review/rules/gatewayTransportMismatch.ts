import { waysToGateways } from "../mesh/waysToGateways";
import { TlsSettings } from "../objects/destinationRule";
import { GatewayServer } from "../objects/gateway";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";

/** Looks at rules for the gateway's service only where the set has one; without one the mesh's automatic TLS decides. */
export const gatewayTransportMismatch: Rule = {
    id: "gateway-transport-mismatch",
    title: "Sidecars send TLS to a server of the gateway that expects plaintext, or plaintext to one that expects TLS.",
    why: "The gateway cannot read the calls, and each of them gets 503.",
    severity: "mandatory",
    find: (mesh) =>
        waysToGateways(mesh).flatMap(({ gateway, server, port, tls }) => {
            const problem = mismatch(tls, server);
            return problem === undefined
                ? []
                : [
                      finding(tls, {
                          path: `${tls.path}.mode`,
                          value: tls.mode,
                          problem: `${problem}: ${server.path} of ${describeRef(gateway.ref)} on port ${port}`,
                          expected: expected(server),
                          fix: fixFor(server),
                      }),
                  ];
        }),
};

function mismatch({ mode }: TlsSettings, { tlsMode }: GatewayServer): string | undefined {
    const encrypts = mode !== "DISABLE";
    if (encrypts && tlsMode === undefined) {
        return "encrypts calls to a server that expects plaintext";
    }
    if (mode === "ISTIO_MUTUAL" && tlsMode === "PASSTHROUGH") {
        return "adds the mesh's TLS to calls that a server passes through unchanged";
    }
    return !encrypts && tlsMode === "ISTIO_MUTUAL"
        ? "sends plaintext to a server that expects the mesh's mutual TLS"
        : undefined;
}

function expected({ tlsMode }: GatewayServer): string {
    return tlsMode === "ISTIO_MUTUAL" ? "ISTIO_MUTUAL" : "DISABLE, or a server that expects the mesh's mutual TLS";
}

function fixFor({ tlsMode }: GatewayServer): string {
    return tlsMode === "ISTIO_MUTUAL"
        ? "Set mode: ISTIO_MUTUAL"
        : "Set protocol: HTTPS and tls: { mode: ISTIO_MUTUAL } on the Gateway's server";
}
