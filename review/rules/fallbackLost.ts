import { Rule, finding } from "../rule";

/** Seen on Istio 1.31, whose merge compares `exportTo` and takes a rule with a selector as exported to ".". */
export const fallbackLost: Rule = {
    id: "fallback-lost",
    title: 'A rule that is exported only to "." and a rule with a workloadSelector are for the same host.',
    why: "Istio merges the first into the second and loses it: workloads that the selector does not match have no rule.",
    severity: "mandatory",
    find: ({ destinationRules, rules }) =>
        destinationRules
            .filter(
                ({ ref, host, exportTo, workloadSelector }) =>
                    workloadSelector === undefined &&
                    exportTo.length === 1 &&
                    exportTo[0] === "." &&
                    rules
                        .ofNamespace(ref.namespace)
                        .exact(host)
                        .some((other) => other.workloadSelector !== undefined),
            )
            .map((rule) =>
                finding(rule, {
                    path: "spec.exportTo",
                    value: ".",
                    problem: `makes Istio lose this rule, because another one for ${rule.host} in its namespace has a workloadSelector`,
                    expected: "the namespace's name in exportTo",
                    fix: `Write exportTo: [${JSON.stringify(rule.ref.namespace)}]`,
                }),
            ),
};
