import { callersOf } from "../mesh/calls";
import { isIgnoredBySidecars } from "../mesh/credentials";
import { isDiverted } from "../mesh/routing";
import { isTls } from "../objects/protocols";
import { Rule, finding } from "../rule";

/** Silent where a gateway leads calls to the host: then the rule is the gateway's, and sidecars may ignore it. */
export const clientCertificateIgnored: Rule = {
    id: "client-certificate-ignored",
    title: "A rule for mutual TLS applies only to sidecars, and to a port on which applications use TLS themselves.",
    why: "Sidecars ignore a credentialName without a workloadSelector: no client certificate is shown, and the partner refuses the call.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.calls.flatMap((call) => {
            const { caller, tls, host, port } = call;
            const isUseless =
                caller === "sidecar" && tls?.mode === "MUTUAL" && isIgnoredBySidecars(tls) && isTls(port.protocol);
            return isUseless && !mesh.hostsBehindGateways.has(host) && !isDiverted(mesh, call)
                ? [
                      finding(tls, {
                          path: `${tls.path}.credentialName`,
                          value: tls.credentialName,
                          problem: `is ignored by ${callersOf(call)}, so their calls to port ${port.number} of ${host} carry no client certificate of the mesh`,
                          expected:
                              "an egress gateway that originates mutual TLS, or a rule with a workloadSelector for an HTTP port",
                          fix: "Route the host through an egress gateway, and move the rule to the gateway's namespace",
                      }),
                  ]
                : [];
        }),
};
