import { virtualService, way } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "ServiceEntry app/partner spec.exportTo";
const HOST = "api.partner.example";
const lead = (gateways: string[]) =>
    virtualService("app/partner", [HOST], ["mesh", ...gateways], { http: [way(["mesh"], 443, HOST, 443)] });

ruleEdges("export-list-under-allow-any", {
    finds: {
        "a list of one other namespace": [(page) => page.with("ServiceEntry", "spec.exportTo", ["payments"]), AT],
        "it beside a route that no gateway takes": [(page) => page.and(lead([])), AT],
    },
    takes: {
        "an entry for all": (page) => page.with("ServiceEntry", "spec.exportTo", ["*"]),
        "an entry without a list": (page) => page.without("ServiceEntry", "spec.exportTo"),
        "an entry for its own namespace, which keeps configuration small": (page) =>
            page.with("ServiceEntry", "spec.exportTo", ["."]),
        "an entry for nobody": (page) => page.with("ServiceEntry", "spec.exportTo", ["~"]),
        "a host that goes through a gateway, which allow-list-under-allow-any tells": (page) =>
            page.and(lead(["app/egress"])),
        "a mesh that refuses what it does not know": (page) =>
            page.with("ConfigMap", "data.mesh", "outboundTrafficPolicy: { mode: REGISTRY_ONLY }"),
        "a mesh of which nothing is known": (page) => page.drop("ConfigMap"),
        "a host inside the mesh": (page) => page.with("ServiceEntry", "spec.location", "MESH_INTERNAL"),
    },
});
