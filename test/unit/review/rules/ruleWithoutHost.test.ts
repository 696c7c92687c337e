import { HTTP, serviceEntry } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "DestinationRule app/partner spec.host";

ruleEdges("rule-without-host", {
    finds: {
        "a wildcard that no host is below": [
            (page) => page.with("DestinationRule", "spec.host", "*.other.example"),
            AT,
        ],
        "origination in a subset alone": [
            (page) =>
                page
                    .without("DestinationRule", "spec.trafficPolicy")
                    .with("DestinationRule", "spec.subsets", [
                        { name: "a", trafficPolicy: { tls: { mode: "SIMPLE" } } },
                    ]),
            AT,
        ],
    },
    takes: {
        "a host of an entry": (page) => page.and(serviceEntry("b/c", ["api.partner.example"], [HTTP])),
        "a host below an entry's wildcard": (page) => page.and(serviceEntry("b/c", ["*.partner.example"], [HTTP])),
        "a wildcard above an entry's host": (page) => page.with("DestinationRule", "spec.host", "*.partner.example"),
        "a service of the cluster": (page) => page.with("DestinationRule", "spec.host", "web.app.svc.cluster.local"),
        "a rule that originates no TLS": (page) =>
            page.with("DestinationRule", "spec.trafficPolicy", { tls: { mode: "ISTIO_MUTUAL" } }),
    },
});
