import { service, virtualService, way } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "Gateway istio-egress/egress spec.selector";
const LABELS = "spec.template.metadata.labels";
const ANNOTATIONS = "spec.template.metadata.annotations";

ruleEdges("gateway-without-pods", {
    finds: {
        "a gateway by its label alone": [(page) => page.with("Deployment", ANNOTATIONS, {}), AT],
        "a gateway by its template alone": [(page) => page.with("Deployment", LABELS, { app: "egress" }), AT],
        "a selector of which one label fits": [
            (page) => page.with("Gateway", "spec.selector", { istio: "egress-gateway", app: "other" }),
            AT,
        ],
        "it in the namespace to which routes lead": [
            (page) =>
                page.with("Deployment", "metadata.namespace", "app").and(
                    virtualService("istio-egress/partner", ["api.partner.example"], ["mesh", "egress"], {
                        http: [way(["mesh"], 80, "egress.app.svc.cluster.local", 443)],
                    }),
                ),
            AT,
        ],
    },
    takes: {
        "a selector that fits": (page) => page.with("Gateway", "spec.selector", { istio: "egress-gateway" }),
        "a selector of some of the labels, in another namespace": (page) =>
            page
                .with("Gateway", "metadata.namespace", "app")
                .with("Deployment", LABELS, { istio: "egressgateway", app: "egress" }),
        "a Service that selects such pods": (page) =>
            page.and(service("istio-egress/egress", { selector: { istio: "egressgateway" }, ports: [] })),
        "a gateway's workload of another namespace": (page) => page.with("Deployment", "metadata.namespace", "app"),
        "objects without workloads": (page) => page.drop("Deployment"),
        "workloads that are no gateways": (page) =>
            page.with("Deployment", LABELS, { app: "shop" }).without("Deployment", ANNOTATIONS),
        "a Gateway without a selector": (page) => page.without("Gateway", "spec.selector"),
    },
});
