import { isDeepStrictEqual } from "node:util";
import { groupBy } from "../groupBy";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";

/** Compares Sidecars that are for the same workloads by what they say; of others only the pods show whether they meet. */
export const sidecarTwice: Rule = {
    id: "sidecar-twice",
    title: "Two Sidecars of one namespace are for the same workloads and differ.",
    why: "Istio takes the older one and ignores the other, its outboundTrafficPolicy too; which one that is changes when one is recreated.",
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
                        problem: `is for the same workloads as ${describeRef(first.ref)}, and Istio takes only one of the two`,
                        expected: "one Sidecar for a workload",
                        fix: "Put both into one, or give one a workloadSelector of its own",
                    }),
                ),
        );
    },
};
