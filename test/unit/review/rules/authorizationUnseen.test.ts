import { gateway, server } from "../../../support/objects";
import { Example, ruleEdges } from "../../../support/ruleEdges";

const AT = "AuthorizationPolicy istio-egress/billing";
const HOST = "api.partner.example";
const asks =
    (rule: object, action = "ALLOW") =>
    (page: Example) =>
        page.with("AuthorizationPolicy", "spec.rules", [rule]).with("AuthorizationPolicy", "spec.action", action);
const source = (own: object) => ({ from: [{ source: own }] });
const operation = (own: object) => ({ to: [{ operation: own }] });
const plaintext = (page: Example) => page.with("Gateway", "spec.servers", [server(80, "HTTP", [HOST])]);

ruleEdges("authorization-unseen", {
    finds: {
        "service accounts, which the gateway does not see in TLS that passes through": [
            asks(source({ serviceAccounts: ["payments/billing"] })),
            `${AT} spec.rules[0].from[0].source.serviceAccounts`,
        ],
        "a namespace that is denied": [
            asks(source({ namespaces: ["payments"] }), "DENY"),
            `${AT} spec.rules[0].from[0].source.namespaces`,
        ],
        "everybody but some": [
            asks(source({ notPrincipals: ["cluster.local/ns/a/sa/b"] })),
            `${AT} spec.rules[0].from[0].source.notPrincipals`,
        ],
        "a condition on the caller": [
            asks({ when: [{ key: "source.principal", values: ["a"] }] }),
            `${AT} spec.rules[0].when[0]`,
        ],
        "a caller at a server in plaintext": [
            (page) => plaintext(asks(source({ principals: ["a"] }))(page)),
            `${AT} spec.rules[0].from[0].source.principals`,
        ],
        "the host of a request at a server of TLS": [
            (page) =>
                asks(operation({ hosts: [HOST] }))(page).with("Gateway", "spec.servers[0].tls.mode", "ISTIO_MUTUAL"),
            `${AT} spec.rules[0].to[0].operation.hosts`,
        ],
        "both at once": [
            asks({ ...source({ principals: ["a"] }), ...operation({ methods: ["GET"] }) }),
            `${AT} spec.rules[0].to[0].operation.methods`,
            `${AT} spec.rules[0].from[0].source.principals`,
        ],
    },
    takes: {
        "the name that TLS shows": asks({ when: [{ key: "connection.sni", values: [HOST] }] }),
        "addresses and ports": asks({ ...source({ ipBlocks: ["10.0.0.0/8"] }), ...operation({ ports: ["443"] }) }),
        "every call": asks({}),
        "a caller where one server ends the mesh's TLS": (page) =>
            page.and(
                gateway("istio-egress/other", [server(443, "HTTPS", [HOST], "ISTIO_MUTUAL")], { istio: "egress" }),
            ),
        "a request at a server of HTTP": (page) => plaintext(asks(operation({ hosts: [HOST] }))(page)),
        "a policy of other pods": (page) =>
            page.with("AuthorizationPolicy", "spec.selector.matchLabels", { app: "billing" }),
        "an ambient mesh": (page) =>
            page.and({
                apiVersion: "v1",
                kind: "Namespace",
                metadata: { name: "payments", labels: { "istio.io/dataplane-mode": "ambient" } },
            }),
        "a DENY of requests, which deny-http-attributes reports": asks(operation({ hosts: [HOST] }), "DENY"),
    },
});
