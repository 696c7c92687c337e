import { ruleEdges } from "../../../support/ruleEdges";

const AT = "ServiceEntry app/partner spec.ports[0].targetPort";

ruleEdges("target-port-ignored", {
    finds: {
        "it without a resolution, which is NONE": [(page) => page.without("ServiceEntry", "spec.resolution"), AT],
        "it on a TLS port": [(page) => page.with("ServiceEntry", "spec.ports[0].protocol", "TLS"), AT],
    },
    takes: {
        "resolution DNS": (page) => page.with("ServiceEntry", "spec.resolution", "DNS"),
        "resolution STATIC": (page) => page.with("ServiceEntry", "spec.resolution", "STATIC"),
        "the port itself as its target": (page) => page.with("ServiceEntry", "spec.ports[0].targetPort", 80),
        "no target": (page) => page.without("ServiceEntry", "spec.ports[0].targetPort"),
    },
});
