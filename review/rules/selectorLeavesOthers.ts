import { groupBy } from "../groupBy";
import { Call, callersOf } from "../mesh/calls";
import { isIgnoredBySidecars } from "../mesh/credentials";
import { DestinationRule, originates, tlsFor } from "../objects/destinationRule";
import { isTls } from "../objects/protocols";
import { Rule, RuleFinding, finding } from "../rule";
import { isKeptTo } from "../mesh/routing";

/**
 * Visibility has no finer grain than a namespace, so there is always somebody whom a selector might not match. Silent
 * where a route keeps them off: one that leads elsewhere, or one to the host that asks for the selector's labels.
 */
export const selectorLeavesOthers: Rule = {
    id: "selector-leaves-others",
    title: "A rule originates TLS for some workloads, and others that see the host have no rule.",
    why: "Whoever the selector does not match calls the same port in plaintext.",
    severity: "mandatory",
    find: (mesh) => {
        const open = groupBy(
            mesh.calls.filter((call) => call.caller === "sidecar" && !isEncrypted(call)),
            ({ port }) => port,
        );
        return mesh.calls
            .filter(({ rules }) => rules.selecting.length > 0)
            .flatMap(({ host, port, rules }) =>
                rules.selecting
                    .filter((rule) => originates(tlsFor(rule, port.number)))
                    .flatMap((rule) => {
                        const other = open
                            .get(port)
                            ?.find((call) => call.host === host && !isKeptTo(rule.workloadSelector ?? {}, mesh, call));
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
