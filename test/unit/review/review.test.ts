import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { explain } from "../../../plan/shared/violation";
import { RawObject } from "../../../review/rawObject";
import { reviewObjects } from "../../../review/reviewObjects";
import { RULES } from "../../../review/rules";
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

describe("the rules", () => {
    it("are all in the list, each under an id of its own", () => {
        const files = readdirSync(join(__dirname, "../../../review/rules"));
        const inFolder = files.map((file) => file.replace(/\.ts$/, "")).map(kebabCase);
        assert.deepEqual(RULES.map(({ id }) => id).sort(), inFolder.sort());
    });

    it("have a test each, under the rule's own name", () => {
        const names = (folder: string, ending: string) =>
            readdirSync(join(__dirname, folder))
                .filter((file) => file.endsWith(ending))
                .map((file) => file.slice(0, -ending.length))
                .sort();
        assert.deepEqual(names("rules", ".test.ts"), names("../../../review/rules", ".ts"));
        for (const id of RULES.map((rule) => rule.id)) {
            const text = readFileSync(join(__dirname, "rules", `${camelCase(id)}.test.ts`), "utf8");
            assert.ok(new RegExp(`(describe|ruleEdges)\\("${id}"`).test(text), `no test is about ${id}`);
        }
    });

    it("say in a sentence each what they refuse and what happens without them", () => {
        for (const { title, why } of RULES) {
            assert.match(title, /^[A-Za-z].*\.$/);
            assert.match(why, /^[A-Za-z].*\.$/);
        }
    });
});

function kebabCase(name: string): string {
    return name.replace(/[A-Z]|\d+/g, (part) => `-${part.toLowerCase()}`);
}

function camelCase(id: string): string {
    return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
