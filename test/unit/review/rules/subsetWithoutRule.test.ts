import { destinationRule } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const GATEWAY = "egress.istio-egress.svc.cluster.local";
const AT = "VirtualService istio-egress/partner spec.http[0].route[0].destination.subset";

ruleEdges("subset-without-rule", {
    finds: {
        "it beside a rule for another host": [
            (page) => page.and(destinationRule("a/b", "other.example", undefined)),
            AT,
        ],
    },
    takes: {
        "a rule with the subset": (page) =>
            page.and(destinationRule("a/b", GATEWAY, undefined, { subsets: [{ name: "partner" }] })),
        "a rule for a wildcard above the host": (page) =>
            page.and(destinationRule("a/b", "*.svc.cluster.local", undefined, { subsets: [{ name: "partner" }] })),
        "a rule without it, of which subset-not-in-rule tells": (page) =>
            page.and(destinationRule("a/b", GATEWAY, { mode: "ISTIO_MUTUAL" })),
        "no subset": (page) => page.without("VirtualService", "spec.http[0].route[0].destination.subset"),
    },
});
