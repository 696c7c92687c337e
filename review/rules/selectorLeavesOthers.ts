import { Call, callersOf } from "../calls";
import { isIgnoredBySidecars } from "../credentials";
import { DestinationRule, originates, tlsFor } from "../objects/destinationRule";
import { isTls } from "../objects/serviceEntry";
import { Rule, RuleFinding, finding } from "../rule";
import { isKeptTo } from "../routing";

/**
 * Visibility has no finer grain than a namespace, so there is always somebody whom a selector might not match. Silent
 * where a route keeps them off: one that leads elsewhere, or one to the host that asks for the selector's labels.
 */
export const selectorLeavesOthers: Rule = {
    id: "selector-leaves-others",
    title: "A rule originates TLS for some workloads, and others that see the host have no rule.",
    why: "Whoever the selector does not match calls the same port in plaintext.",
    find: (scene) => {
        const open = scene.calls.filter((call) => !call.byGateway && !isEncrypted(call));
        return scene.calls
            .filter(({ rules }) => rules.selecting.length > 0)
            .flatMap(({ entry, host, port, rules }) =>
                rules.selecting
                    .filter((rule) => originates(tlsFor(rule, port.number)))
                    .flatMap((rule) => {
                        const other = open.find(
                            (call) =>
                                call.entry === entry &&
                                call.host === host &&
                                call.port === port &&
                                !isKeptTo(rule.workloadSelector ?? {}, scene, call),
                        );
                        return other ? [leftOut(rule, other)] : [];
                    }),
            );
    },
};

function isEncrypted({ port, tls }: Call): boolean {
    return isTls(port.protocol) || (originates(tls) && !isIgnoredBySidecars(tls));
}

function leftOut(rule: DestinationRule, other: Call): RuleFinding {
    const { host, port } = other;
    return finding(rule, {
        path: "spec.workloadSelector",
        problem: `leaves out others that see ${host}: where it does not match, ${callersOf(other)} call port ${port.number} in plaintext`,
        expected: "the host visible in this namespace only, and here nobody whom the selector does not match",
        fix: `Export the entry to this namespace only, and answer the others with a VirtualService that asks for the same sourceLabels; or add a rule for ${host} without selector that encrypts too, exported to the namespace by name`,
    });
}
