import { gateway, server } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = "AuthorizationPolicy istio-egress/no-admin spec.rules[0]";
const RULES = "spec.rules";
const operation = (own: object) => [{ to: [{ operation: own }] }];
const source = (own: object) => [{ from: [{ source: own }] }];
const bound = (...servers: object[]) => gateway("istio-egress/egress", servers);

ruleEdges("deny-http-attributes", {
    finds: {
        "a negated attribute": [
            (page) => page.with("AuthorizationPolicy", RULES, operation({ notMethods: ["GET"] })),
            AT,
        ],
        "a source that only a request names": [
            (page) => page.with("AuthorizationPolicy", RULES, source({ requestPrincipals: ["*"] })),
            AT,
        ],
        "it in a later rule": [
            (page) =>
                page.with("AuthorizationPolicy", RULES, [
                    ...operation({ ports: ["443"] }),
                    ...operation({ hosts: ["a"] }),
                ]),
            "AuthorizationPolicy istio-egress/no-admin spec.rules[1]",
        ],
        "it for a gateway of which one server takes TCP": [
            (page) => page.and(bound(server(80, "HTTP", ["*"]), server(443, "TLS", ["*"], "PASSTHROUGH"))),
            AT,
        ],
    },
    takes: {
        "an ALLOW": (page) => page.with("AuthorizationPolicy", "spec.action", "ALLOW"),
        "ports beside the paths": (page) =>
            page.with("AuthorizationPolicy", RULES, operation({ paths: ["/admin"], ports: ["80"] })),
        "negated ports": (page) => page.with("AuthorizationPolicy", RULES, operation({ notPorts: ["443"] })),
        "principals, which TCP has too": (page) =>
            page.with("AuthorizationPolicy", RULES, source({ principals: ["*"] })),
        "a negated namespace": (page) => page.with("AuthorizationPolicy", RULES, source({ notNamespaces: ["app"] })),
        "a rule for every call": (page) => page.with("AuthorizationPolicy", RULES, [{}]),
        "a gateway with HTTP servers alone": (page) =>
            page.and(bound(server(80, "HTTP", ["*"]), server(443, "HTTPS", ["*"], "ISTIO_MUTUAL"))),
    },
});
