import { gateway, gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "VirtualService istio-egress/partner spec.gateways[1]";

ruleEdges("gateway-not-found", {
    finds: {
        "it beside Gateways of other names": [(page) => page.and(gateway("istio-egress/other", [])), AT],
        "each of several": [
            (page) => page.with("VirtualService", "spec.gateways", ["mesh", "egress", "web"]),
            AT,
            "VirtualService istio-egress/partner spec.gateways[2]",
        ],
    },
    takes: {
        "a Gateway of that name": (page) => page.and(gateway("istio-egress/egress", [])),
        "one of another namespace, of which gateway-in-other-namespace tells": (page) =>
            page.and(gateway("app/egress", [])),
        "a route for the mesh alone": (page) => page.with("VirtualService", "spec.gateways", ["mesh"]),
        "a route without gateways": (page) => page.without("VirtualService", "spec.gateways"),
        "a route of the Gateway API, whose status tells": (page) =>
            page
                .drop("VirtualService")
                .and(gatewayApi("HTTPRoute", "app/a", { parentRefs: [{ name: "egress" }], rules: [] })),
    },
});
