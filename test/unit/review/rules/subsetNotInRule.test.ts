import { destinationRule } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const GATEWAY = "egress.istio-egress.svc.cluster.local";
const more = (host: string, subset: string) =>
    destinationRule("b/other", host, undefined, { subsets: [{ name: subset }] });

ruleEdges("subset-not-in-rule", {
    finds: {
        "it where a rule for another host has the subset": [
            (page) => page.and(more("other.example", "partner")),
            "VirtualService istio-egress/partner spec.http[0].route[0].destination.subset",
        ],
    },
    takes: {
        "a second rule with the subset": (page) => page.and(more(GATEWAY, "partner")),
        "no rule at all, of which subset-without-rule tells": (page) => page.drop("DestinationRule"),
        "no subset": (page) => page.without("VirtualService", "spec.http[0].route[0].destination.subset"),
    },
});
