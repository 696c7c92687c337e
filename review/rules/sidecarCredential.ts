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
    title: "A rule with a credentialName and without a workloadSelector applies to sidecars.",
    why: "They ignore all of its TLS settings, and the call leaves in plaintext.",
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
                    problem: `is ignored by ${callersOf(call)}, together with all of tls: their calls to port ${port.number} of ${host} leave in plaintext`,
                    expected: "a rule that applies only to a gateway, or one with a workloadSelector",
                    fix: 'Move the rule to the gateway\'s namespace with exportTo: ["."], or add a workloadSelector',
                }),
            ];
        }),
};
