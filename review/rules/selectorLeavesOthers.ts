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
    title: "A rule originates TLS for some workloads, but other workloads that see the host have no rule.",
    why: "Workloads that the selector does not match call the same port in plaintext.",
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
        problem: `does not match all workloads that see ${host}: of the others, ${callersOf(other)} call port ${port.number} in plaintext`,
        expected: "the host visible only in this namespace, and a selector that matches all of its callers",
        fix: `Export the entry only to this namespace, and refuse the other workloads with a VirtualService that matches the same sourceLabels; or add a rule for ${host} without a selector that also originates TLS, exported to the namespace by name`,
    });
}
