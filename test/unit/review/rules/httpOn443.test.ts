import { destinationRule } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "ServiceEntry app/partner spec.ports[0].protocol";

ruleEdges("http-on-443", {
    finds: {
        "other spellings and versions of HTTP": [
            (page) => page.with("ServiceEntry", "spec.ports[0].protocol", "grpc"),
            AT,
        ],
        "it beside a rule that originates no TLS": [
            (page) => page.and(destinationRule("app/partner", "api.partner.example", { mode: "DISABLE" })),
            AT,
        ],
    },
    takes: {
        TLS: (page) => page.with("ServiceEntry", "spec.ports[0].protocol", "TLS"),
        "another port": (page) => page.with("ServiceEntry", "spec.ports[0].number", 80),
        "a host inside the mesh": (page) => page.with("ServiceEntry", "spec.location", "MESH_INTERNAL"),
        "a rule that originates TLS": (page) =>
            page.and(destinationRule("app/partner", "api.partner.example", { mode: "SIMPLE" })),
    },
});
