import { HTTP, serviceEntry } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService istio-egress/partner spec.http[1].route[0].destination";
const HOST = "spec.http[1].route[0].destination.host";

ruleEdges("destination-not-declared", {
    finds: {
        "an entry for another host": [(page) => page.and(serviceEntry("a/b", ["www.partner.example"], [HTTP])), AT],
        "a wildcard that no entry is for": [(page) => page.with("VirtualService", HOST, "*.partner.example"), AT],
    },
    takes: {
        "an entry of any namespace": (page) => page.and(serviceEntry("a/b", ["api.partner.example"], [HTTP])),
        "an entry for a wildcard": (page) => page.and(serviceEntry("a/b", ["*.partner.example"], [HTTP])),
        "a service of the cluster": (page) => page.with("VirtualService", HOST, "web.app.svc.cluster.local"),
        "a service of another domain": (page) => page.with("VirtualService", HOST, "web.app.svc.corp.example"),
        "a short name": (page) => page.with("VirtualService", HOST, "web"),
        "a service of several clusters": (page) => page.with("VirtualService", HOST, "web.app.svc.clusterset.local"),
    },
});
