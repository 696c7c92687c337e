import assert from "node:assert/strict";
import fc from "fast-check";
import { explain } from "../../../plan/shared/violation";
import { RawObject } from "../../../review/rawObject";
import { reviewObjects } from "../../../review/reviewObjects";
import {
    HTTP_TO_TLS,
    SECRET_VALUE,
    destinationRule,
    gateway,
    secret,
    server,
    serviceEntry,
} from "../../support/objects";

const KINDS: [string, string][] = [
    ["networking.istio.io/v1", "ServiceEntry"],
    ["networking.istio.io/v1", "DestinationRule"],
    ["networking.istio.io/v1beta1", "VirtualService"],
    ["networking.istio.io/v1alpha3", "Gateway"],
    ["security.istio.io/v1", "AuthorizationPolicy"],
    ["gateway.networking.k8s.io/v1", "Gateway"],
    ["gateway.networking.k8s.io/v1", "BackendTLSPolicy"],
    ["v1", "Service"],
    ["v1", "Secret"],
    ["apps/v1", "Deployment"],
    ["batch/v1", "CronJob"],
    ["networking.istio.io/v1", "Sidecar"],
    ["networking.k8s.io/v1", "NetworkPolicy"],
    ["gateway.networking.k8s.io/v1", "HTTPRoute"],
    ["gateway.networking.k8s.io/v1alpha2", "TLSRoute"],
    ["v1", "ConfigMap"],
    ["v1", "Namespace"],
    ["install.istio.io/v1alpha1", "IstioOperator"],
    ["another.example/v1", "Unknown"],
];

describe("reviewObjects", () => {
    it("has an answer for whatever it is given, of the right shape or not", () => {
        const names = [
            "hosts",
            "ports",
            "servers",
            "subsets",
            "http",
            "route",
            "match",
            "tls",
            "trafficPolicy",
            "exportTo",
            "parentRefs",
            "rules",
            "backendRefs",
            "listeners",
            "egress",
            "to",
            "ipBlock",
            "cidr",
            "annotations",
            "labels",
            "template",
            "metadata",
            "targetRefs",
            "mesh",
        ];
        const key = fc.oneof(fc.constantFrom(...names, "number", "host", "selector", "destination"), fc.string());
        const { value } = fc.letrec<{ value: unknown }>((tie) => ({
            value: fc.oneof(
                { maxDepth: 6 },
                fc.jsonValue({ maxDepth: 0 }),
                fc.array(tie("value"), { maxLength: 3 }),
                fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
            ),
        }));
        const object = fc
            .tuple(fc.constantFrom(...KINDS), value, value, value)
            .map(
                ([[apiVersion, kind], metadata, spec, data]) =>
                    ({ apiVersion, kind, metadata, spec, data }) as RawObject,
            );
        fc.assert(fc.property(fc.array(object, { maxLength: 6 }), (objects) => void reviewObjects(objects)));
    });

    it("tells nothing of what a secret holds", () => {
        const host = "api.partner.example";
        const objects = [
            serviceEntry("gateways/partner", [host], [HTTP_TO_TLS], { exportTo: ["."] }),
            gateway("gateways/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
            destinationRule("gateways/partner", host, { mode: "MUTUAL", credentialName: "partner" }),
            secret("gateways/partner", ["cert", "key", "tls.crt", "tls.key", "ca.crt", "crl"]),
            secret("gateways/partner-cacert", ["cacert", "ca.crl"], "helm.sh/release.v1"),
        ];
        const findings = reviewObjects(objects);
        assert.equal(findings.length, 4);
        assert.ok(!JSON.stringify(findings).includes(SECRET_VALUE));
    });

    it("reads objects of every version of Istio's groups", () => {
        for (const version of ["v1", "v1beta1", "v1alpha3"]) {
            const rule = destinationRule("app/partner", "a.example", { mode: "SIMPLE", sni: "a.example" });
            const [finding] = reviewObjects([{ ...rule, apiVersion: `networking.istio.io/${version}` }]);
            assert.equal(finding.rule, "server-name-unchecked");
            assert.equal(
                explain(finding.violation),
                '"a.example" is set without subjectAltNames, which turns off the check of the server\'s name; expected both, ' +
                    'or for HTTP neither: then both are the request\'s host. Add subjectAltNames: ["a.example"].',
            );
        }
    });
});
