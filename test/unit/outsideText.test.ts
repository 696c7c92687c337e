import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import fc from "fast-check";
import { stringify } from "yaml";
import { adopt } from "../../cli/adopt/adopt";
import { readAccessLog } from "../../cli/explain/accessLog";
import { readProxyConfig } from "../../cli/explain/envoy";
import { objectsIn } from "../../cli/input/objects";
import { readDocuments } from "../../cli/input/yamlDocuments";
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
    const key = fc.oneof(fc.constantFrom(...names), fc.constantFrom("__proto__", "constructor", ""), fc.string());
    return fc.letrec<{ value: unknown }>((tie) => ({
        value: fc.oneof(
            { maxDepth: 5 },
            fc.jsonValue({ maxDepth: 0 }),
            fc.array(tie("value"), { maxLength: 3 }),
            fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
        ),
    })).value;
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

    it("a preview's JSON: a report, or what is wrong with it", () => {
        const preview = jsonWith("steps", "op", "urn", "oldState", "newState", "inputs", "spec", "changeSummary");
        fc.assert(
            fc.property(
                fc.oneof(
                    preview.map((value) => JSON.stringify(value)),
                    fc.string(),
                ),
                (text) => {
                    try {
                        previewReport(text, { stack: "dev", now: NOW });
                    } catch (error) {
                        assert.ok(error instanceof PreviewError, String(error));
                    }
                },
            ),
            { numRuns: RUNS },
        );
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
