import { Example, ruleEdges } from "../../../support/ruleEdges";

const AT = "Sidecar payments/default spec.egress";
const imports = (page: Example, ...hosts: string[]) => page.with("Sidecar", "spec.egress", [{ hosts }]);
const restrictive = (namespace: string, name: string, spec: object) => ({
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata: { namespace, name },
    spec,
});
const FOR_SOME = { workloadSelector: { labels: { app: "web" } } };

ruleEdges("hidden-by-sidecar", {
    finds: {
        "another host of the namespace": [(page) => imports(page, "istio-egress/other.example"), AT],
        "the host in another namespace": [(page) => imports(page, "app/api.partner.example"), AT],
        "everything of no namespace": [(page) => imports(page, "~/*"), AT],
        "a route of another namespace than the host, which is not shown": [
            (page) => imports(page, "istio-egress/*").with("VirtualService", "metadata.namespace", "routes"),
            AT,
        ],
        "it beside a Sidecar of the root namespace that shows everything": [
            (page) => page.and(restrictive("istio-system", "default", { egress: [{ hosts: ["*/*"] }] })),
            AT,
        ],
        "it for a namespace that has only the root namespace's Sidecar": [
            (page) => page.with("Sidecar", "metadata.namespace", "istio-system"),
            "Sidecar istio-system/default spec.egress",
        ],
    },
    takes: {
        "the host": (page) => imports(page, "istio-egress/api.partner.example"),
        "the host in capitals": (page) => imports(page, "istio-egress/API.partner.example"),
        "a wildcard for the host": (page) => imports(page, "istio-egress/*.partner.example"),
        "all of its namespace": (page) => imports(page, "istio-egress/*"),
        "all namespaces": (page) => imports(page, "*/*"),
        "its own namespace, which the host is in": (page) =>
            page
                .with("ServiceEntry", "metadata.namespace", "payments")
                .with("VirtualService", "metadata.namespace", "payments"),
        "a host that is exported to all": (page) => page.without("ServiceEntry", "spec.exportTo"),
        "a host that is exported to all, and hidden from all by the root namespace's Sidecar": (page) =>
            imports(page, "app/*")
                .without("ServiceEntry", "spec.exportTo")
                .with("Sidecar", "metadata.namespace", "istio-system"),
        "a Sidecar beside the gateway, which reads none": (page) =>
            imports(page, "*/*").and(restrictive("istio-egress", "default", { egress: [{ hosts: ["app/*"] }] })),
        "a host of the mesh": (page) => page.with("ServiceEntry", "spec.location", "MESH_INTERNAL"),
        "a host that is exported to another namespace": (page) =>
            page.with("ServiceEntry", "spec.exportTo", ["istio-egress", "app"]),
        "a Sidecar that restricts nothing": (page) => page.with("Sidecar", "spec.egress", []),
        "a Sidecar of which a preview does not know all hosts": (page) =>
            page.with("Sidecar", "spec.egress", [{ hosts: ["./*"] }, { hosts: [7] }]),
        "a Sidecar of some workloads": (page) =>
            page.with("Sidecar", "spec.workloadSelector", FOR_SOME.workloadSelector),
        "a Sidecar of some workloads that shows the host": (page) =>
            page.and(
                restrictive("payments", "web", {
                    ...FOR_SOME,
                    egress: [{ hosts: ["istio-egress/api.partner.example"] }],
                }),
            ),
        "a Sidecar of the namespace's own instead of the root namespace's": (page) =>
            imports(page, "*/*").and(restrictive("istio-system", "default", { egress: [{ hosts: ["./*"] }] })),
        "a route that is not exported to the namespace": (page) =>
            imports(page, "istio-egress/*")
                .with("VirtualService", "metadata.namespace", "routes")
                .with("VirtualService", "spec.exportTo", ["."]),
    },
});
