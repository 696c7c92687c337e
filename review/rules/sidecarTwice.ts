import { isDeepStrictEqual } from "node:util";
import { groupBy } from "../groupBy";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";

/** Compares Sidecars that are for the same workloads by what they say; of others only the pods show whether they meet. */
export const sidecarTwice: Rule = {
    id: "sidecar-twice",
    title: "Two different Sidecars of one namespace apply to the same workloads.",
    why: "Istio uses the older one and ignores the other, including its outboundTrafficPolicy. Recreating one changes which is older.",
    severity: "mandatory",
    find: ({ sidecars }) => {
        const sameWorkloads = groupBy(sidecars, ({ ref, selector = {} }) =>
            JSON.stringify([ref.namespace, Object.entries(selector).sort()]),
        );
        return [...sameWorkloads.values()].flatMap(([first, ...others]) =>
            others
                .filter(({ raw }) => !isDeepStrictEqual(raw, first.raw))
                .map((sidecar) =>
                    finding(sidecar, {
                        path: sidecar.selector ? "spec.workloadSelector" : "metadata.name",
                        value: sidecar.selector ? undefined : sidecar.ref.name,
                        problem: `applies to the same workloads as ${describeRef(first.ref)}, and Istio uses only one of the two`,
                        expected: "one Sidecar per workload",
                        fix: "Merge both into one, or give each a different workloadSelector",
                    }),
                ),
        );
    },
};
