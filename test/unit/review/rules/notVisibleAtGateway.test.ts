import { HTTP, serviceEntry } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "ServiceEntry app/partner spec.exportTo";

ruleEdges("not-visible-at-gateway", {
    finds: {
        "an entry for other namespaces": [
            (page) => page.with("ServiceEntry", "spec.exportTo", ["app", "payments"]),
            AT,
        ],
        "an entry for its own namespace where only the Gateway shows, not its pods": [
            (page) =>
                page
                    .with("VirtualService", "spec.gateways", ["istio-egress/egress"])
                    .with("VirtualService", "spec.http[0].match[0].gateways", ["istio-egress/egress"])
                    .with("VirtualService", "spec.http[0].route[0].destination.host", "api.partner.example"),
            AT,
        ],
        "an entry for nobody": [(page) => page.with("ServiceEntry", "spec.exportTo", ["~"]), AT],
        "a route that the gateway does not see": [
            (page) => page.with("ServiceEntry", "spec.exportTo", ["*"]).with("VirtualService", "spec.exportTo", ["."]),
            "VirtualService app/partner spec.exportTo",
        ],
    },
    takes: {
        "an entry for all": (page) => page.with("ServiceEntry", "spec.exportTo", ["*"]),
        "an entry without a list": (page) => page.without("ServiceEntry", "spec.exportTo"),
        "the gateway's namespace by name": (page) => page.with("ServiceEntry", "spec.exportTo", [".", "istio-egress"]),
        "an entry beside the gateway": (page) => page.with("ServiceEntry", "metadata.namespace", "istio-egress"),
        "another entry of the host that the gateway sees": (page) =>
            page.and(serviceEntry("b/c", ["api.partner.example"], [HTTP])),
        "a host that nobody declares": (page) => page.drop("ServiceEntry"),
        "an entry for other namespaces where only the Gateway shows, not its pods": (page) =>
            page
                .with("ServiceEntry", "spec.exportTo", ["app", "gateways"])
                .with("VirtualService", "spec.exportTo", ["gateways"])
                .with("VirtualService", "spec.gateways", ["istio-egress/egress"])
                .with("VirtualService", "spec.http[0].match[0].gateways", ["istio-egress/egress"]),
        "a route that no gateway takes": (page) =>
            page
                .with("VirtualService", "spec.gateways", ["mesh"])
                .with("VirtualService", "spec.http[1].match[0].gateways", ["mesh"]),
    },
});
