import { gateway } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService app/partner spec.gateways[1]";
const GATEWAYS = "spec.gateways";

ruleEdges("gateway-in-other-namespace", {
    finds: {
        "a wrong namespace": [(page) => page.with("VirtualService", GATEWAYS, ["mesh", "istio-system/egress"]), AT],
        "its own namespace, in words": [(page) => page.with("VirtualService", GATEWAYS, ["mesh", "./egress"]), AT],
        "the old spelling of a wrong namespace": [
            (page) => page.with("VirtualService", GATEWAYS, ["mesh", "egress.app.svc.cluster.local"]),
            AT,
        ],
    },
    takes: {
        "the Gateway's namespace": (page) => page.with("VirtualService", GATEWAYS, ["mesh", "istio-egress/egress"]),
        "the old spelling of it": (page) =>
            page.with("VirtualService", GATEWAYS, ["mesh", "egress.istio-egress.svc.cluster.local"]),
        "a Gateway of that name beside the route": (page) => page.and(gateway("app/egress", [])),
        "a Gateway of the route's namespace": (page) =>
            page.with("VirtualService", "metadata.namespace", "istio-egress"),
        "a Gateway that is nowhere, of which gateway-not-found tells": (page) => page.drop("Gateway"),
        "a route for the mesh alone": (page) => page.with("VirtualService", GATEWAYS, ["mesh"]),
    },
});
