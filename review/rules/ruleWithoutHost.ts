import { serviceNamespace } from "../hosts";
import { originates } from "../objects/destinationRule";
import { Rule, finding } from "../rule";

/** Advisory, because the entry may be in another program or file. Looks at rules that originate TLS for external hosts. */
export const ruleWithoutHost: Rule = {
    id: "rule-without-host",
    title: "A DestinationRule originates TLS for a host that no ServiceEntry among the objects declares.",
    why: "If the cluster has none either, no proxy applies the rule, and calls to the host leave as the application sends them.",
    severity: "advisory",
    find: ({ destinationRules, entriesByHost }) =>
        destinationRules
            .filter(({ allTls }) => allTls.some(originates))
            .filter(
                ({ host }) =>
                    host.includes(".") &&
                    serviceNamespace(host) === undefined &&
                    entriesByHost.overlapping(host).length === 0,
            )
            .map((rule) =>
                finding(rule, {
                    path: "spec.host",
                    value: rule.host,
                    problem: "is a host that no ServiceEntry among the objects declares",
                    expected: "a ServiceEntry for the host",
                    fix: "Add the entry, correct the name, or review the entry's file together with this one",
                }),
            ),
};
