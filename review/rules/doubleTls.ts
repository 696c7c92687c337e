import { Call, callersOf } from "../mesh/calls";
import { isIgnoredBySidecars } from "../mesh/credentials";
import { TlsSettings, originates, tlsFor } from "../objects/destinationRule";
import { Mesh } from "../mesh/mesh";
import { isTls } from "../objects/protocols";
import { Rule, finding } from "../rule";
import { isDiverted } from "../mesh/routing";

/** Keeps silent where a route leads the port elsewhere, and where only a gateway reads the rule: it may speak HTTP. */
export const doubleTls: Rule = {
    id: "double-tls",
    title: "A sidecar originates TLS on a port on which applications already use TLS.",
    why: "The application's TLS is encrypted a second time. The server cannot read it, and the error looks like the partner's fault.",
    severity: "advisory",
    find: (mesh) =>
        mesh.calls
            .filter(({ caller, port }) => caller === "sidecar" && isTls(port.protocol))
            .flatMap((call) =>
                originations(mesh, call).map((tls) =>
                    finding(tls, {
                        path: tls.path,
                        value: tls.mode,
                        problem: `encrypts the calls of ${callersOf(call)} to port ${call.port.number} of ${call.host} a second time: the port's protocol is ${call.port.protocol}, so they already use TLS`,
                        expected: "origination only on a port with protocol HTTP or TCP",
                        fix: 'Let applications call an HTTP port with targetPort, or export the rule to the gateway\'s namespace only (exportTo: ["."])',
                    }),
                ),
            ),
};

function originations(mesh: Mesh, call: Call): TlsSettings[] {
    const { rules, port, tls } = call;
    const found = [
        ...(tls && !isIgnoredBySidecars(tls) ? [tls] : []),
        ...rules.selecting.flatMap((rule) => tlsFor(rule, port.number) ?? []),
    ].filter(originates);
    return found.length > 0 && !isDiverted(mesh, call) ? found : [];
}
