import { HTTP, gatewayApi, serviceEntry, virtualService, way } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const HOST = "api.partner.example";
const GATEWAY = "egress.istio-egress.svc.cluster.local";
const AT = "VirtualService istio-egress/partner spec.http[0]";
const leading = (to: string, more: object = {}) =>
    virtualService("app/lead", [HOST], ["mesh"], { http: [{ ...way(["mesh"], 80, to, 80), ...more }] });

ruleEdges("gateway-without-mesh-route", {
    finds: {
        "a route of the mesh that leads to the host itself": [(page) => page.and(leading(HOST)), AT],
        "a route of the mesh for another host": [
            (page) =>
                page.and(
                    virtualService("app/lead", ["other.example"], ["mesh"], {
                        http: [way(["mesh"], 80, GATEWAY, 443)],
                    }),
                ),
            AT,
        ],
        "a gateway's route for a wildcard": [
            (page) => page.with("VirtualService/partner", "spec.hosts", ["*.partner.example"]),
            AT,
        ],
    },
    takes: {
        "a route of the mesh elsewhere": (page) => page.and(leading(GATEWAY)),
        "one without gateways, which is the mesh's": (page) =>
            page.and(
                virtualService("app/lead", [HOST], [], { http: [{ route: [{ destination: { host: GATEWAY } }] }] }),
            ),
        "one for a wildcard": (page) =>
            page.and(virtualService("app/lead", ["*.example"], ["mesh"], { http: [way(["mesh"], 80, GATEWAY, 443)] })),
        "one that delegates to a route elsewhere": (page) =>
            page.and(virtualService("app/lead", [HOST], ["mesh"], { http: [{ delegate: { name: "leaf" } }] })),
        "one of the Gateway API": (page) =>
            page.and(
                gatewayApi("HTTPRoute", "istio-egress/lead", {
                    parentRefs: [{ group: "networking.istio.io", kind: "ServiceEntry", name: "partner" }],
                    rules: [{ backendRefs: [{ name: "egress", port: 443 }] }],
                }),
            ),
        "a gateway to which no route of the mesh leads, so that those are not among the objects": (page) =>
            page.drop("VirtualService/other"),
        "a host that is not among the objects": (page) => page.drop("ServiceEntry"),
        "a host of the mesh": (page) => page.with("ServiceEntry", "spec.location", "MESH_INTERNAL"),
        "a host that only the gateway sees": (page) => page.with("ServiceEntry", "spec.exportTo", ["."]),
        "an ingress gateway, whose calls are for another host": (page) =>
            page.with("VirtualService/partner", "spec.hosts", ["shop.example"]),
        "an ingress gateway for every host": (page) => page.with("VirtualService/partner", "spec.hosts", ["*"]),
        "a host behind a waypoint": (page) =>
            page.with("ServiceEntry", "metadata.labels", { "istio.io/use-waypoint": "egress" }),
        "a route of another host": (page) =>
            page.and(serviceEntry("app/other", ["x.example"], [HTTP]), leading(GATEWAY)),
    },
});
