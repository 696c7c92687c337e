import { callersOf } from "../mesh/calls";
import { isIgnoredBySidecars } from "../mesh/credentials";
import { originates } from "../objects/destinationRule";
import { isTls } from "../objects/protocols";
import { Rule, finding } from "../rule";
import { isDiverted } from "../mesh/routing";

/**
 * Keeps silent where the set has no ServiceEntry for the host, because then nobody knows who sees it, and where a route
 * leads the port to a gateway.
 */
export const sidecarCredential: Rule = {
    id: "sidecar-credential",
    title: "Sidecars read a rule with a credentialName and no workloadSelector.",
    why: "They ignore its TLS settings as a whole, and the call leaves in plaintext.",
    severity: "mandatory",
    find: (mesh) =>
        mesh.calls.flatMap((call) => {
            const { caller, tls, host, port } = call;
            const isIgnored =
                caller === "sidecar" && originates(tls) && isIgnoredBySidecars(tls) && !isTls(port.protocol);
            if (!isIgnored || isDiverted(mesh, call)) {
                return [];
            }
            return [
                finding(tls, {
                    path: `${tls.path}.credentialName`,
                    value: tls.credentialName,
                    problem: `is ignored by ${callersOf(call)}, and with it all of tls: their calls to port ${port.number} of ${host} leave in plaintext`,
                    expected: "a rule that only a gateway reads, or one with a workloadSelector",
                    fix: 'Put the rule into the gateway\'s namespace with exportTo: ["."], or add a workloadSelector',
                }),
            ];
        }),
};
