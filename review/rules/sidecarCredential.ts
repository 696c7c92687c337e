import { callersOf } from "../calls";
import { isIgnoredBySidecars } from "../credentials";
import { originates } from "../objects/destinationRule";
import { isTls } from "../objects/serviceEntry";
import { Rule, finding } from "../rule";
import { isDiverted } from "../routing";

/**
 * Keeps silent where the set has no ServiceEntry for the host, because then nobody knows who sees it, and where a route
 * leads the port to a gateway.
 */
export const sidecarCredential: Rule = {
    id: "sidecar-credential",
    title: "Sidecars read a rule with a credentialName and no workloadSelector.",
    why: "They ignore its TLS settings as a whole, and the call leaves in plaintext.",
    find: (scene) =>
        scene.calls.flatMap((call) => {
            const { byGateway, tls, host, port } = call;
            const isIgnored = !byGateway && originates(tls) && isIgnoredBySidecars(tls) && !isTls(port.protocol);
            if (!isIgnored || isDiverted(scene, call)) {
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
