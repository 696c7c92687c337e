import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { RunError } from "@pulumi/pulumi";
import fc from "fast-check";
import { stringify } from "yaml";
import { adopt } from "../../cli/adopt/adopt";
import { readAccessLog } from "../../cli/explain/accessLog";
import { readProxyConfig } from "../../cli/explain/envoy";
import { CommandError } from "../../cli/commandError";
import { objectsIn } from "../../cli/input/objects";
import { readDocuments } from "../../cli/input/yamlDocuments";
import { RELEASE, objectOf, readState } from "../../cli/recover/exportedState";
import { HelmRecord, isStuck, markedAsFailed } from "../../cli/recover/helmRecord";
import { kubeconfigFor } from "../../plan/azure/kubeconfig";
import { readCrls } from "../../plan/pki/crl";
import { CredentialPem, credentialWarnings, validateCredential } from "../../plan/pki/credential";
import { explain } from "../../plan/shared/violation";
import { PreviewError, previewReport } from "../../report";
import { review } from "../../review";
import { readConfig } from "../../stacks/config";
import { NOW, chain, keyPem, revocationList } from "../support/certificates";

/** Texts of each kind. More by hand: FUZZ_RUNS=100000 npx mocha test/unit/outsideText.test.ts */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

/** The text with parts left out, doubled, moved or replaced. */
function damaged(text: string): fc.Arbitrary<string> {
    const place = fc.nat({ max: text.length });
    const change = fc.oneof(
        fc.record({ from: place, to: place, by: fc.string({ maxLength: 6 }) }),
        fc.record({
            from: place,
            to: place,
            by: fc.constantFrom("", "\r\n", "\0", "=", "-----END", "\uFEFF", "[", "}"),
        }),
    );
    return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
        changes.reduce((now, { from, to, by }) => {
            const [start, end] = from < to ? [from, to] : [to, Math.min(from, to + 40)];
            return now.slice(0, start) + by + now.slice(end);
        }, text),
    );
}

/** JSON of any form, with the names that the reader looks for among its keys. */
function jsonWith(...names: string[]): fc.Arbitrary<unknown> {
    return jsonOf(fc.jsonValue({ maxDepth: 0 }), ...names);
}

/** The same, with these values in it. */
function jsonOf(leaf: fc.Arbitrary<unknown>, ...names: string[]): fc.Arbitrary<unknown> {
    const key = fc.oneof(fc.constantFrom(...names), fc.constantFrom("__proto__", "constructor", ""), fc.string());
    return fc.letrec<{ value: unknown }>((tie) => ({
        value: fc.oneof(
            { maxDepth: 5 },
            leaf,
            fc.array(tie("value"), { maxLength: 3 }),
            fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
        ),
    })).value;
}

/** Mostly the one, seldom the other. */
function mostly<T>(one: fc.Arbitrary<T>, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 12, arbitrary: one }, { weight: 1, arbitrary: other });
}

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

/** Previews with steps of real types, in which each part may be something else; the key is in many places. */
function previews(key: string): fc.Arbitrary<unknown> {
    const text = fc.oneof(
        fc.constantFrom("api.partner.example", "*.more.example", "egress", "istio-egress", "mesh", "*", "0.0.0.0/0"),
        fc.constantFrom(key, `api ${key}`, ""),
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
            data: partly({ "tls.key": fc.constant(Buffer.from(key).toString("base64")), "tls.crt": text }),
            stringData: partly({ "tls.key": fc.constant(key) }),
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

/** Parts of a PEM text by which it is found again, in its base64 too. */
function partsOf(key: string): string[] {
    return [key, Buffer.from(key).toString("base64")].flatMap((text) => text.match(/[A-Za-z0-9+/]{20}/g) ?? []);
}

describe("what comes from outside is read without a crash", () => {
    let pem: CredentialPem;
    let crl: string;

    before(async () => {
        const issued = await chain();
        const { root, intermediate, client } = issued;
        crl = await revocationList(root, []);
        pem = {
            certificate: client.certificate + intermediate.certificate,
            privateKey: keyPem(client.key),
            serverCa: root.certificate,
            clientCa: root.certificate,
            crl,
        };
        const wrong = validateCredential({ ...pem, crl: "" }, NOW);
        assert.deepEqual(wrong, []);
    });

    it("certificates, keys and revocation lists, damaged anywhere: no message has a part of the key", () => {
        const secrets = pem.privateKey.match(/[A-Za-z0-9+/]{20}/g) ?? [];
        assert.ok(secrets.length > 0);
        for (const part of ["certificate", "privateKey", "serverCa", "clientCa", "crl"] as const) {
            fc.assert(
                fc.property(fc.oneof(damaged(pem[part]), fc.string()), (text) => {
                    const changed = { ...pem, [part]: text };
                    const told = [
                        ...validateCredential(changed, NOW).map(explain),
                        ...credentialWarnings(changed, NOW),
                    ];
                    assert.ok(!secrets.some((secret) => told.join("\n").includes(secret)));
                }),
                { numRuns: RUNS },
            );
        }
    });

    it("a key in the place of each other text is in no message", () => {
        const secrets = pem.privateKey.match(/[A-Za-z0-9+/]{20}/g) ?? [];
        for (const part of ["certificate", "serverCa", "clientCa", "crl"] as const) {
            const told = validateCredential({ ...pem, [part]: pem.privateKey }, NOW)
                .map(explain)
                .join("\n");
            assert.ok(told !== "" && !secrets.some((secret) => told.includes(secret)), part);
        }
    });

    it("revocation lists that are none", () => {
        fc.assert(
            fc.property(fc.oneof(damaged(crl), fc.string()), (text) => void readCrls(text)),
            { numRuns: RUNS },
        );
    });

    it("a kubeconfig: changed, or refused without a part of its token", () => {
        const token = "hush-hush-0123456789";
        const users = [
            { name: "one", user: { token } },
            { name: "two", user: { exec: { command: "kubelogin", args: ["get-token"] } } },
        ];
        const kubeconfig = stringify({ apiVersion: "v1", kind: "Config", users });
        const other = jsonWith("users", "user", "name", "exec", "args", "command").map((value) => stringify(value));
        fc.assert(
            fc.property(fc.oneof(damaged(kubeconfig), other, fc.string()), (text) => {
                try {
                    JSON.parse(kubeconfigFor("azureCli", text));
                } catch (error) {
                    assert.match(String(error), /kubeconfig that is not YAML/);
                    assert.doesNotMatch(String(error), /hush/);
                }
            }),
            { numRuns: RUNS },
        );
    });

    it("a preview's JSON: a report, or what is wrong with it; no page and no message has a part of a key", () => {
        const secrets = partsOf(pem.privateKey);
        const preview = jsonWith("steps", "op", "urn", "oldState", "newState", "inputs", "spec", "changeSummary");
        const texts = fc.oneof(
            { weight: 6, arbitrary: previews(pem.privateKey).map((value) => JSON.stringify(value)) },
            {
                weight: 1,
                arbitrary: previews(pem.privateKey)
                    .map((value) => JSON.stringify(value))
                    .chain(damaged),
            },
            { weight: 1, arbitrary: preview.map((value) => JSON.stringify(value)) },
            { weight: 1, arbitrary: fc.string() },
        );
        let reported = 0;
        fc.assert(
            fc.property(texts, (text) => {
                let told: string;
                try {
                    const { markdown, html } = previewReport(text, { stack: "dev", now: NOW });
                    told = markdown + html;
                    reported += (JSON.parse(text) as { steps?: unknown[] }).steps?.length ? 1 : 0;
                } catch (error) {
                    assert.ok(error instanceof PreviewError, String(error));
                    told = error.message;
                }
                assert.ok(!secrets.some((secret) => told.includes(secret)));
            }),
            { numRuns: RUNS },
        );
        assert.ok(reported > RUNS / 3, `only ${reported} of ${RUNS} previews have a step that reaches the report`);
    });

    it("a state of the engine: what its resources stand for, or one refusal", () => {
        const value = jsonWith("metadata", "name", "namespace", "apiVersion", "kind");
        const resource = fc.record(
            {
                urn: mostly(fc.constant(`${URN}kubernetes:core/v1:Secret::one`), value),
                type: mostly(fc.constantFrom("kubernetes:core/v1:Secret", RELEASE, "pulumi:pulumi:Stack"), value),
                inputs: value,
            },
            { requiredKeys: ["urn", "type"] },
        );
        const pending = fc.record({ resource, type: fc.constantFrom("creating", "updating") });
        const deployment = fc.record(
            {
                resources: mostly(fc.array(resource, { maxLength: 3 }), value),
                pending_operations: mostly(fc.array(pending, { maxLength: 3 }), value),
            },
            { requiredKeys: [] },
        );
        const texts = fc
            .record({ version: fc.constant(3), deployment: mostly(deployment, value) })
            .map((state) => JSON.stringify(state));
        let read = 0;
        fc.assert(
            fc.property(fc.oneof({ weight: 6, arbitrary: texts }, texts.chain(damaged), fc.string()), (text) => {
                try {
                    const { resources = [], pending_operations = [] } = readState(text).deployment;
                    [...resources, ...pending_operations.map((one) => one.resource)].forEach(objectOf);
                    read += resources.length > 0 ? 1 : 0;
                } catch (error) {
                    assert.ok(error instanceof CommandError, String(error));
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(read > RUNS / 8, `only ${read} of ${RUNS} states have a resource`);
    });

    it("a record of Helm: marked as failed, or refused without a part of its values", () => {
        const status = "pending-upgrade";
        const release = JSON.stringify({ name: "one", info: { status }, config: { token: "hush-0123456789" } });
        const packed = (content: Buffer) => Buffer.from(content.toString("base64")).toString("base64");
        const whole = packed(gzipSync(release));
        const cut = fc.nat({ max: 60 }).map((length) => packed(gzipSync(release).subarray(0, length)));
        const contents = fc.oneof(
            fc.constant(whole),
            damaged(whole),
            damaged(release).map((text) => packed(gzipSync(text))),
            cut,
            fc.string().map((text) => packed(Buffer.from(text))),
            fc.string(),
        );
        const labels = { name: "one", owner: "helm", status, version: "2" };
        const metadata = { name: "sh.helm.release.v1.one.v2", namespace: "two", labels };
        const data = fc.oneof(
            { weight: 9, arbitrary: contents.map((content) => ({ release: content })) },
            fc.constantFrom({}, undefined),
        );
        let failed = 0;
        fc.assert(
            fc.property(data, (given) => {
                try {
                    const marked = markedAsFailed({
                        apiVersion: "v1",
                        kind: "Secret",
                        metadata,
                        data: given,
                    } as HelmRecord);
                    assert.ok(!isStuck(marked));
                    failed += 1;
                } catch (error) {
                    assert.ok(error instanceof CommandError, String(error));
                    assert.match(error.message, /sh\.helm\.release\.v1\.one\.v2/);
                    assert.doesNotMatch(error.message, /hush/);
                }
            }),
            { numRuns: RUNS },
        );
        assert.ok(failed > 0 && failed < RUNS, `${failed} of ${RUNS}`);
    });

    it("a stack's configuration: its values, or one refusal", () => {
        const value = jsonWith("hosts", "allowFrom", "namespace", "mode", "adminGroup", "cluster", "location");
        const keys = ["routes", "cluster", "azure", "mesh", "lockdown", "probe", "gateway", "certificates"];
        const texts = fc.dictionary(
            fc.constantFrom(...keys),
            fc.oneof(
                value.map((one) => JSON.stringify(one)),
                fc.string(),
            ),
        );
        fc.assert(
            fc.property(texts, (given) => {
                try {
                    readConfig({
                        name: "mesh-egress",
                        get: (key) => (Object.hasOwn(given, key) ? given[key] : undefined),
                    });
                } catch (error) {
                    assert.ok(error instanceof RunError, String(error));
                }
            }),
            { numRuns: RUNS },
        );
    });

    it("YAML of any form, reviewed and adopted", () => {
        const spec = jsonWith(
            "hosts",
            "http",
            "tls",
            "match",
            "route",
            "destination",
            "servers",
            "ports",
            "rules",
            "from",
        );
        const object = fc.record({
            apiVersion: fc.constantFrom("networking.istio.io/v1", "security.istio.io/v1", "v1"),
            kind: fc.constantFrom(
                "VirtualService",
                "ServiceEntry",
                "DestinationRule",
                "Gateway",
                "AuthorizationPolicy",
            ),
            metadata: fc.oneof(spec, fc.constant({ name: "one", namespace: "two" })),
            spec,
        });
        const text = fc.oneof(
            fc.string(),
            object.map((one) => JSON.stringify(one)).chain(damaged),
            object.map((one) => JSON.stringify(one)),
        );
        fc.assert(
            fc.property(text, (yaml) => {
                const { documents } = readDocuments(yaml);
                const objects = documents
                    .flatMap((document) => objectsIn("file.yaml", document).objects)
                    .map((one) => one.object);
                review(objects);
                adopt(objects);
            }),
            { numRuns: RUNS },
        );
    });

    it("a proxy's configuration and its access log", () => {
        const dump = jsonWith("configs", "@type", "dynamic_route_configs", "route_config", "virtual_hosts", "routes");
        fc.assert(
            fc.property(dump, (value) => {
                const { routesOf, clusterOf, forwardedTo } = readProxyConfig(value);
                routesOf("a.example", 443);
                clusterOf("outbound|443||a.example");
                forwardedTo("a.example");
            }),
            { numRuns: RUNS },
        );
        const line = fc.oneof(
            fc.string(),
            jsonWith("authority", "response_code", "response_flags").map((one) => JSON.stringify(one)),
        );
        fc.assert(
            fc.property(fc.array(line), (lines) => void readAccessLog(lines.join("\n"))),
            { numRuns: RUNS },
        );
    });
});
