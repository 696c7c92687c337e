import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "AuthorizationPolicy app/only-billing metadata.namespace";
const listening = (name: string) => gatewayApi("Gateway", name, { gatewayClassName: "istio", listeners: [] });
const target = (name: string) => [{ group: "gateway.networking.k8s.io", kind: "Gateway", name }];
const deployment = (namespace: string) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "x", namespace },
    spec: { template: { metadata: { labels: { istio: "egress" } } } },
});

ruleEdges("authorization-elsewhere", {
    finds: {
        "a policy whose labels are only some of the gateway's": [
            (page) => page.with("Gateway", "spec.selector", { istio: "egress", app: "egress" }),
            AT,
        ],
        "a policy for a Gateway of the Gateway API in another namespace": [
            (page) =>
                page
                    .without("AuthorizationPolicy", "spec.selector")
                    .with("AuthorizationPolicy", "spec.targetRefs", target("partner"))
                    .and(listening("istio-egress/partner")),
            "AuthorizationPolicy app/only-billing spec.targetRefs[0]",
        ],
        "a DENY": [(page) => page.with("AuthorizationPolicy", "spec.action", "DENY"), AT],
    },
    takes: {
        "a policy beside the gateway's pods": (page) =>
            page.with("AuthorizationPolicy", "metadata.namespace", "istio-egress"),
        "a policy of the root namespace": (page) =>
            page.with("AuthorizationPolicy", "metadata.namespace", "istio-system"),
        "a policy for every workload of its namespace": (page) => page.without("AuthorizationPolicy", "spec.selector"),
        "a policy for other pods": (page) =>
            page.with("AuthorizationPolicy", "spec.selector", { matchLabels: { app: "web" } }),
        "a policy that selects pods of its own namespace too": (page) => page.and(deployment("app")),
        "a gateway whose pods the set does not show": (page) => page.drop("VirtualService"),
        "a policy beside its Gateway of the Gateway API": (page) =>
            page
                .without("AuthorizationPolicy", "spec.selector")
                .with("AuthorizationPolicy", "spec.targetRefs", target("partner"))
                .and(listening("app/partner"), listening("istio-egress/partner")),
    },
});
