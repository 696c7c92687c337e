import { ruleEdges } from "../../../support/ruleEdges";

const AT = "DestinationRule istio-egress/partner spec.trafficPolicy";

ruleEdges("mesh-tls-to-external", {
    finds: {
        "a port's own settings": [
            (page) =>
                page.with("DestinationRule", "spec.trafficPolicy", {
                    portLevelSettings: [{ port: { number: 80 }, tls: { mode: "ISTIO_MUTUAL" } }],
                }),
            `${AT}.portLevelSettings[0].tls.mode`,
        ],
        "a wildcard that covers the host": [
            (page) => page.with("DestinationRule", "spec.host", "*.partner.example"),
            `${AT}.tls.mode`,
        ],
        "a host whose location is left to its default": [
            (page) => page.without("ServiceEntry", "spec.location"),
            `${AT}.tls.mode`,
        ],
    },
    takes: {
        "other modes": (page) => page.with("DestinationRule", "spec.trafficPolicy.tls.mode", "SIMPLE"),
        "a host of the mesh": (page) => page.with("ServiceEntry", "spec.location", "MESH_INTERNAL"),
        "a rule for services of the mesh": (page) => page.with("DestinationRule", "spec.host", "*.local"),
        "settings of a port that the host does not have": (page) =>
            page.with("DestinationRule", "spec.trafficPolicy", {
                portLevelSettings: [{ port: { number: 8080 }, tls: { mode: "ISTIO_MUTUAL" } }],
            }),
    },
});
