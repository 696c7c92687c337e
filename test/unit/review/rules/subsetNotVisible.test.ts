import { HTTP, destinationRule, serviceEntry } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = (route: number) => `VirtualService istio-egress/partner spec.http[${route}].route[0].destination.subset`;
const HOST = "api.partner.example";
const EXPORT = "spec.exportTo";
const BLUE = { subsets: [{ name: "blue" }] };

ruleEdges("subset-not-visible", {
    finds: {
        "a rule for other namespaces than the route is for": [
            (page) =>
                page.with("DestinationRule", EXPORT, ["orders"]).with("VirtualService", EXPORT, [".", "payments"]),
            AT(0),
        ],
        "a rule in a namespace that is nobody's": [
            (page) =>
                page
                    .with("DestinationRule", "metadata.namespace", "other")
                    .with("VirtualService", EXPORT, ["payments"]),
            AT(0),
        ],
        "a subset of the partner that the gateway does not see": [
            (page) =>
                page
                    .with("DestinationRule", EXPORT, ["*"])
                    .with("VirtualService", "spec.http[1].route[0].destination.subset", "blue")
                    .and(
                        serviceEntry("istio-egress/partner", [HOST], [HTTP]),
                        destinationRule("payments/partner", HOST, undefined, { ...BLUE, exportTo: ["."] }),
                    ),
            AT(1),
        ],
    },
    takes: {
        "a rule for all": (page) => page.without("DestinationRule", EXPORT),
        "a rule for the callers by name": (page) =>
            page.with("DestinationRule", EXPORT, [".", "payments"]).with("VirtualService", EXPORT, [".", "payments"]),
        "a rule of the callers' own": (page) =>
            page
                .with("DestinationRule", "metadata.namespace", "payments")
                .with("VirtualService", EXPORT, [".", "payments"]),
        "a rule of the root namespace": (page) =>
            page.with("DestinationRule", "metadata.namespace", "istio-system").without("DestinationRule", EXPORT),
        "a subset that no rule has, which subset-not-in-rule reports": (page) =>
            page.with("DestinationRule", "spec.subsets[0].name", "others"),
        "a subset of the partner beside the gateway": (page) =>
            page
                .with("DestinationRule", EXPORT, ["*"])
                .with("VirtualService", "spec.http[1].route[0].destination.subset", "blue")
                .and(
                    serviceEntry("istio-egress/partner", [HOST], [HTTP]),
                    destinationRule("istio-egress/partner", HOST, undefined, { ...BLUE, exportTo: ["."] }),
                ),
    },
});
