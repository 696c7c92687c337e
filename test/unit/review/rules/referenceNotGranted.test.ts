import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const BACKEND = "spec.rules[0].backendRefs[0]";
const AT = `HTTPRoute shop/partner ${BACKEND}.namespace`;
const grant = (namespace: string, from: string, to: object) =>
    gatewayApi("ReferenceGrant", `${namespace}/grant`, {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: from }],
        to: [{ group: "", kind: "Service", ...to }],
    });

ruleEdges("reference-not-granted", {
    finds: {
        "a grant in the route's namespace": [(page) => page.and(grant("shop", "shop", {})), AT],
        "a grant for another namespace": [(page) => page.and(grant("istio-egress", "billing", {})), AT],
        "a grant for another Service": [(page) => page.and(grant("istio-egress", "shop", { name: "other" })), AT],
    },
    takes: {
        "a grant for every Service": (page) => page.and(grant("istio-egress", "shop", {})),
        "a Service of the route's own namespace": (page) => page.with("HTTPRoute", `${BACKEND}.namespace`, "shop"),
        "a backend without a namespace": (page) => page.without("HTTPRoute", `${BACKEND}.namespace`),
        "a host of Istio's": (page) =>
            page.with("HTTPRoute", BACKEND, {
                group: "networking.istio.io",
                kind: "Hostname",
                name: "api.partner.example",
                port: 80,
            }),
    },
});
