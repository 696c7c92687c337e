import { serviceEntry } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "ServiceEntry app/partner spec.endpoints";
const TLS = { number: 443, name: "tls", protocol: "TLS" };
const other = (name: string) =>
    serviceEntry(name, ["api.partner.example"], [TLS], {
        resolution: "STATIC",
        endpoints: [{ address: "203.0.113.7" }],
    });

ruleEdges("entry-without-endpoints", {
    finds: {
        "an empty list": [(page) => page.with("ServiceEntry", "spec.endpoints", []), AT],
        "addresses, which are where applications call and not where calls go": [
            (page) => page.with("ServiceEntry", "spec.addresses", ["240.1.1.1"]),
            AT,
        ],
        "it beside an entry of another namespace, whose endpoints are not joined": [
            (page) => page.and(other("b/partner")),
            AT,
        ],
    },
    takes: {
        endpoints: (page) => page.with("ServiceEntry", "spec.endpoints", [{ address: "203.0.113.7" }]),
        "a selector of workloads": (page) =>
            page.with("ServiceEntry", "spec.workloadSelector", { labels: { app: "partner" } }),
        "endpoints of another entry of the namespace": (page) => page.and(other("app/other")),
        "endpoints that a preview does not know yet": (page) =>
            page.with("ServiceEntry", "spec.endpoints", Symbol("not known yet")),
        "resolution DNS": (page) => page.with("ServiceEntry", "spec.resolution", "DNS"),
        "resolution NONE": (page) => page.with("ServiceEntry", "spec.resolution", "NONE"),
    },
});
