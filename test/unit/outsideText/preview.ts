import assert from "node:assert/strict";
import fc from "fast-check";
import { RELEASE } from "../../../cli/recover/exportedState";
import { PreviewError, previewReport } from "../../../report";
import { NOW } from "../../support/certificates";
import {
    RUNS,
    Secrets,
    assertHidden,
    assertRefusal,
    jsonOf,
    jsonWith,
    mostly,
    newSecrets,
    wholeOrDamaged,
} from "../../support/fuzz";

const URN = "urn:pulumi:dev::mesh-egress::";

/** Types that the report has rules for, and one that it does not know. */
const TYPES = [
    ..."VirtualService ServiceEntry DestinationRule Gateway Sidecar EnvoyFilter"
        .split(" ")
        .map((kind) => `kubernetes:networking.istio.io/v1:${kind}`),
    ..."AuthorizationPolicy PeerAuthentication RequestAuthentication"
        .split(" ")
        .map((kind) => `kubernetes:security.istio.io/v1:${kind}`),
    ..."EgressRoute EgressGateway EgressLockdown ServiceMesh".split(" ").map((kind) => `mesh-egress:index:${kind}`),
    ..."Secret Service Pod Namespace".split(" ").map((kind) => `kubernetes:core/v1:${kind}`),
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:cert-manager.io/v1:Certificate",
    "kubernetes:telemetry.istio.io/v1:Telemetry",
    RELEASE,
    "tls:index/privateKey:PrivateKey",
    "tls:index/locallySignedCert:LocallySignedCert",
    "azure-native:network:NetworkSecurityGroup",
    "aws:ec2/instance:Instance",
];

/** Previews with steps of real types, in which each part may be something else; the secrets are in many places. */
function previews({ pem: key, pemInBase64, token, password }: Secrets): fc.Arbitrary<unknown> {
    const text = fc.oneof(
        fc.constantFrom("api.partner.example", "*.more.example", "egress", "istio-egress", "mesh", "*", "0.0.0.0/0"),
        fc.constantFrom(key, `api ${key}`, pemInBase64, token, ""),
        fc.string(),
    );
    const value = jsonOf(fc.oneof(text, fc.jsonValue({ maxDepth: 0 })), "hosts", "spec", "metadata", "toString");
    const some = <T>(one: fc.Arbitrary<T>) => mostly(fc.array(mostly(one, value), { maxLength: 2 }), value);
    const partly = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
    const words = (...all: string[]) => mostly(fc.constantFrom(...all), value);
    const tls = partly({
        mode: words("MUTUAL", "SIMPLE", "DISABLE"),
        credentialName: text,
        caCertificates: text,
        insecureSkipVerify: fc.boolean(),
    });
    const policy = partly({ tls, portLevelSettings: some(partly({ tls })), mode: words("REGISTRY_ONLY", "ALLOW_ANY") });
    const match = partly({ gateways: some(text), port: fc.integer(), headers: value, sourceLabels: value });
    const peer = partly({ ipBlock: partly({ cidr: text }), namespaceSelector: value, podSelector: value });
    const rule = partly({
        from: some(partly({ source: partly({ principals: some(text), namespaces: some(text) }) })),
        to: some(fc.oneof(partly({ operation: partly({ hosts: some(text) }) }), peer)),
        when: some(partly({ key: words("connection.sni"), values: some(text) })),
        verbs: some(text),
        resources: some(text),
    });
    const spec = partly({
        hosts: some(text),
        host: text,
        exportTo: some(text),
        location: words("MESH_INTERNAL", "MESH_EXTERNAL"),
        ports: some(partly({ number: fc.integer(), targetPort: fc.integer(), name: text })),
        endpoints: some(partly({ address: text })),
        gateways: some(text),
        http: some(partly({ match: some(match), route: value, directResponse: value })),
        tls: some(value),
        trafficPolicy: policy,
        subsets: some(partly({ trafficPolicy: policy })),
        outboundTrafficPolicy: policy,
        action: words("ALLOW", "DENY"),
        rules: some(rule),
        egress: some(rule),
        policyTypes: some(words("Egress")),
        selector: value,
        template: partly({ spec: value }),
        configPatches: some(value),
        duration: words("720h"),
    });
    const properties = fc.record(
        {
            metadata: mostly(fc.record({ name: text, namespace: text, labels: value }), value),
            spec: mostly(spec, value),
            type: words("kubernetes.io/tls", "Opaque"),
            data: partly({ "tls.key": fc.constant(pemInBase64), "tls.crt": text }),
            stringData: partly({ "tls.key": fc.constant(key), password: fc.constant(password) }),
            privateKeyPem: fc.constant(key),
            validityEndTime: words("2026-12-01T00:00:00Z"),
            validityPeriodHours: mostly(fc.integer(), value),
            values: value,
            apiVersion: words("v1", "networking.istio.io/v1"),
        },
        { requiredKeys: ["metadata", "spec"] },
    );
    const state = mostly(fc.record({ inputs: mostly(properties, value), outputs: mostly(properties, value) }), value);
    const name = fc.constantFrom("one", "two", "api.partner.example", key);
    const type = fc.constantFrom(...TYPES);
    const step = fc.record(
        {
            op: fc.oneof(
                { weight: 9, arbitrary: fc.constantFrom("create", "update", "delete", "same", "replace", "refresh") },
                fc.constantFrom("create-replacement", "delete-replaced", "import", "toString"),
            ),
            urn: fc.oneof(
                { weight: 9, arbitrary: fc.tuple(type, name).map((parts) => URN + parts.join("::")) },
                fc.string(),
            ),
            oldState: state,
            newState: state,
            diffReasons: some(text),
            replaceReasons: some(text),
        },
        { requiredKeys: ["op", "urn", "oldState", "newState"] },
    );
    const steps = fc.oneof({ weight: 20, arbitrary: fc.array(step, { minLength: 1, maxLength: 5 }) }, value);
    return fc.record({ steps, changeSummary: value }, { requiredKeys: ["steps"] });
}

describe("a preview's JSON", () => {
    const secrets = newSecrets();

    it("is a report, or what is wrong with it; no page and no message has a part of a secret", () => {
        const real = previews(secrets).map((value) => JSON.stringify(value));
        const names = ["steps", "op", "urn", "oldState", "newState", "inputs", "spec", "changeSummary"];
        const others = fc.oneof(
            jsonWith(...names).map((value) => JSON.stringify(value)),
            fc.string(),
        );
        const texts = fc.oneof(
            { weight: 6, arbitrary: real.map((text) => ({ text, isDamaged: false })) },
            { weight: 2, arbitrary: wholeOrDamaged(real) },
            { weight: 2, arbitrary: wholeOrDamaged(others) },
        );
        let reported = 0;
        fc.assert(
            fc.property(texts, ({ text, isDamaged }) => {
                try {
                    const { markdown, html } = previewReport(text, { stack: "dev", now: NOW });
                    assertHidden(secrets, isDamaged ? "" : markdown + html);
                    reported += (JSON.parse(text) as { steps?: unknown[] }).steps?.length ? 1 : 0;
                } catch (error) {
                    assertRefusal(error, PreviewError, secrets);
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(reported > RUNS / 3, `only ${reported} of ${RUNS} previews have a step that reaches the report`);
    });
});
