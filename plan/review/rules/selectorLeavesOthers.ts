import { Call, callersOf } from "../calls";
import { isIgnoredBySidecars } from "../credentials";
import { originates, tlsFor } from "../objects/destinationRule";
import { isTls } from "../objects/serviceEntry";
import { Rule, finding } from "../rule";
import { isDiverted } from "../routing";

/** Visibility has no finer grain than a namespace, so there is always somebody whom a selector might not match. */
export const selectorLeavesOthers: Rule = {
    id: "selector-leaves-others",
    title: "A rule originates TLS for some workloads, and others that see the host have no rule.",
    why: "Whoever the selector does not match calls the same port in plaintext.",
    find: (scene) => {
        const open = scene.calls.filter((call) => !call.byGateway && !isEncrypted(call) && !isDiverted(scene, call));
        return scene.calls
            .filter(({ rules }) => rules.selecting.length > 0)
            .flatMap(({ entry, host, port, rules }) => {
                const other = open.find(
                    (call) => call.entry === entry && call.host === host && call.port.number === port.number,
                );
                return rules.selecting.flatMap((rule) => {
                    const tls = tlsFor(rule, port.number);
                    return other && originates(tls)
                        ? [
                              finding(rule, {
                                  path: "spec.workloadSelector",
                                  problem: `leaves out others that see ${host}: where it does not match, ${callersOf(other)} call port ${port.number} in plaintext`,
                                  expected:
                                      "the host visible in this namespace only, and here a second rule that encrypts too",
                                  fix: `Export the entry to this namespace only, and add a rule for ${host} without selector, tls mode SIMPLE, and not exported to "." alone, which Istio would lose`,
                              }),
                          ]
                        : [];
                });
            });
    },
};

function isEncrypted({ port, tls }: Call): boolean {
    return isTls(port.protocol) || (originates(tls) && !isIgnoredBySidecars(tls));
}
