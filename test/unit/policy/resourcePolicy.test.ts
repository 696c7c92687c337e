import assert from "node:assert/strict";
import { RawObject } from "../../../review/rawObject";
import { issue, keyPem, newKey } from "../../support/certificates";
import { destinationRule, gatewayApi } from "../../support/objects";
import { Level, NOT_KNOWN, Resource, RunningPack, asSecret, resourceOf } from "../../support/policy";

const HOST = "api.partner.example";
const DAY = 24 * 60 * 60 * 1000;

describe("policies of single resources", () => {
    let pack: RunningPack;

    before(async () => {
        pack = await RunningPack.start();
    });

    afterEach(() => pack.configure({}));
    after(() => pack.stop());

    const told = async (...resources: Resource[]) =>
        (await pack.violations(resources)).map(({ policy, level, message }) => `${policy} ${level} ${pathOf(message)}`);

    describe("open-egress", () => {
        const policy = (egress: unknown, rest = {}): Resource =>
            resourceOf({
                apiVersion: "networking.k8s.io/v1",
                kind: "NetworkPolicy",
                metadata: { namespace: "app", name: "out" },
                spec: { podSelector: {}, policyTypes: ["Egress"], egress, ...rest },
            });
        const range = (cidr: unknown, except?: unknown) => policy([{ to: [{ ipBlock: { cidr, except } }] }]);

        it("finds rules without peers, and ranges of every address", async () => {
            assert.deepEqual(await told(policy([{}])), ["open-egress mandatory spec.egress[0].to"]);
            const ports = [{ port: 443 }];
            assert.deepEqual(await told(policy([{ ports, to: [] }])), ["open-egress mandatory spec.egress[0].to"]);
            assert.deepEqual(await told(range("0.0.0.0/0", ["10.0.0.0/8"])), [
                "open-egress mandatory spec.egress[0].to[0].ipBlock.cidr",
            ]);
            for (const cidr of ["0.0.0.0/0", "::/0"]) {
                assert.deepEqual(await told(range(cidr)), ["open-egress mandatory spec.egress[0].to[0].ipBlock.cidr"]);
            }
        });

        it("takes peers, ranges, exceptions, no egress at all, and what is not known", async () => {
            const peers = policy([{ to: [{ namespaceSelector: {} }] }]);
            const others = [range("10.0.0.0/8"), range("0.0.0.0/0", ["0.0.0.0/1", "128.0.0.0/1"]), range(NOT_KNOWN)];
            const empty = [policy([]), policy(NOT_KNOWN), policy([NOT_KNOWN]), policy([{ to: NOT_KNOWN }])];
            assert.deepEqual(await told(peers, ...others, ...empty, range("0.0.0.0/0", NOT_KNOWN)), []);
        });

        it("takes a policy that the configuration allows", async () => {
            await pack.configure({ "open-egress": { level: "mandatory", allowed: ["app/out"] } });
            assert.deepEqual(await told(policy([{}])), []);
            await pack.configure({ "open-egress": { level: "advisory", allowed: ["app/other"] } });
            assert.deepEqual(await told(policy([{}])), ["open-egress advisory spec.egress[0].to"]);
        });
    });

    describe("private-key-in-plain-text", () => {
        const pem = keyPem(newKey());
        const encoded = Buffer.from(pem).toString("base64");
        const configMap = (rest: object): Resource =>
            resourceOf({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "app", name: "files" }, ...rest });
        const chart = (type: string, values: unknown): Resource => ({ type, name: "chart", props: { values } });
        const found = (path: string) => [`private-key-in-plain-text mandatory ${path}`];

        it("finds a key in a ConfigMap, as text and in base64", async () => {
            assert.deepEqual(await told(configMap({ data: { "tls.key": pem } })), found('data["tls.key"]'));
            const inside = configMap({ data: { "app.yaml": `key: ${encoded}\nport: 80` } });
            assert.deepEqual(await told(inside), found('data["app.yaml"]'));
            assert.deepEqual(await told(configMap({ binaryData: { key: encoded } })), found('binaryData["key"]'));
        });

        it("finds one in a chart's values, however deep, and where Pulumi holds it as a secret", async () => {
            for (const type of ["helm.sh/v3:Release", "helm.sh/v3:Chart", "helm.sh/v4:Chart"]) {
                const values = { gateway: { files: [{ name: "key", text: asSecret(pem) }] } };
                assert.deepEqual(
                    await told(chart(`kubernetes:${type}`, values)),
                    found('values["gateway"]["files"][0]["text"]'),
                );
            }
        });

        it("never tells the key", async () => {
            const [{ message }] = await pack.violations([configMap({ data: { key: pem } })]);
            assert.ok(!message.includes(pem.split("\n")[1]));
        });

        it("takes public keys, certificates, secrets and what is not known", async () => {
            const { certificate } = await issue({ subject: "CN=a" });
            assert.deepEqual(
                await told(
                    configMap({ data: { "ca.crt": certificate, text: "no PRIVATE KEY here", key: NOT_KNOWN } }),
                    configMap({ data: NOT_KNOWN }),
                    chart("kubernetes:helm.sh/v3:Release", { ca: Buffer.from(certificate).toString("base64") }),
                    resourceOf({ apiVersion: "v1", kind: "Secret", data: { "tls.key": encoded } }),
                ),
                [],
            );
        });
    });

    describe("certificate-near-expiry", () => {
        const ending = async (days: number) =>
            (await issue({ subject: "CN=a", notAfter: new Date(Date.now() + days * DAY) })).certificate;
        const secret = (rest: object, type = "kubernetes.io/tls"): Resource =>
            resourceOf({
                apiVersion: "v1",
                kind: "Secret",
                metadata: { namespace: "app", name: "tls" },
                type,
                ...rest,
            });
        const inData = (pem: string) => secret({ data: asSecret({ "tls.crt": Buffer.from(pem).toString("base64") }) });
        const found = ['certificate-near-expiry advisory data["tls.crt"]'];

        it("finds one that ends within the days, or has ended, in data and stringData", async () => {
            assert.deepEqual(await told(inData(await ending(29))), found);
            assert.deepEqual(await told(inData(await ending(-1))), found);
            assert.deepEqual(await told(secret({ stringData: { "tls.crt": await ending(29) } })), [
                'certificate-near-expiry advisory stringData["tls.crt"]',
            ]);
        });

        it("finds an issuer in the chain that ends first", async () => {
            assert.deepEqual(await told(inData((await ending(90)) + "\n" + (await ending(5)))), found);
        });

        it("finds one in an Opaque secret, as kubectl makes it", async () => {
            const soon = Buffer.from(await ending(1)).toString("base64");
            assert.deepEqual(await told(secret({ data: { "tls.crt": soon } }, "Opaque")), found);
        });

        it("takes one that lasts, and what is not known or no certificate", async () => {
            const others = [secret({ data: { "tls.crt": NOT_KNOWN } }), secret({ data: NOT_KNOWN }), inData("none")];
            assert.deepEqual(await told(inData(await ending(31)), ...others), []);
        });

        it("takes the days and the level from the configuration", async () => {
            await pack.configure({ "certificate-near-expiry": { level: "mandatory", days: 100 } });
            assert.deepEqual(await told(inData(await ending(90))), [
                'certificate-near-expiry mandatory data["tls.crt"]',
            ]);
        });
    });

    describe("remedies", () => {
        const on = (rule: string) => pack.configure({ [`${rule}-remedy`]: { level: "remediate" satisfies Level } });
        const specOf = async (object: RawObject) => (await pack.remedied(resourceOf(object)))?.spec;
        const unnamed = { mode: "SIMPLE", sni: HOST };
        const unchecked = destinationRule("app/partner", HOST, unnamed);

        it("are off until the configuration turns them on", async () => {
            assert.equal(await specOf(unchecked), undefined);
        });

        it("server-name-unchecked: the name that is sent is checked, wherever it is", async () => {
            await on("server-name-unchecked");
            const tls = { ...unnamed, subjectAltNames: [HOST] };
            assert.deepEqual(await specOf(unchecked), { host: HOST, trafficPolicy: { tls } });
            const ports = (one: object) => ({ portLevelSettings: [{ port: { number: 80 } }, { tls: one }] });
            const deep = destinationRule("app/partner", HOST, undefined, {
                subsets: [{ name: "a", trafficPolicy: ports(unnamed) }],
            });
            assert.deepEqual(await specOf(deep), { host: HOST, subsets: [{ name: "a", trafficPolicy: ports(tls) }] });
            const policy = gatewayApi("BackendTLSPolicy", "app/partner", { validation: { hostname: HOST } });
            const subjectAltNames = [{ type: "Hostname", hostname: HOST }];
            assert.deepEqual(await specOf(policy), { validation: { hostname: HOST, subjectAltNames } });
        });

        it("server-name-unchecked: leaves what is checked, switched off, or not known", async () => {
            await on("server-name-unchecked");
            for (const tls of [
                { ...unnamed, subjectAltNames: ["other.example"] },
                { ...unnamed, insecureSkipVerify: true },
                { ...unnamed, sni: NOT_KNOWN },
                { ...unnamed, subjectAltNames: NOT_KNOWN },
                { mode: "SIMPLE" },
            ]) {
                assert.equal(await specOf(destinationRule("app/partner", HOST, tls)), undefined);
            }
        });

        it("fallback-lost: a private rule names its namespace", async () => {
            await on("fallback-lost");
            const rule = (rest: Record<string, unknown>) => destinationRule("app/partner", HOST, undefined, rest);
            assert.deepEqual(await specOf(rule({ exportTo: ["."] })), { host: HOST, exportTo: ["app"] });
            for (const rest of [{}, { exportTo: [".", "other"] }, { exportTo: ["."], workloadSelector: {} }]) {
                assert.equal(await specOf(rule(rest)), undefined);
            }
            const placeless = { ...rule({ exportTo: ["."] }), metadata: { name: "partner" } };
            assert.equal(await specOf(placeless), undefined);
        });

        it("keep secrets of the resource secret", async () => {
            await on("server-name-unchecked");
            const annotations = { note: asSecret("kept") };
            const object = { ...unchecked, metadata: { ...unchecked.metadata, annotations } };
            const props = await pack.remedied(resourceOf(object));
            assert.deepEqual((props?.metadata as { annotations: unknown }).annotations, annotations);
        });
    });
});

/** A message is the policy's description, and on the next line `Kind namespace/name: path: what is wrong`. */
function pathOf(message: string): string {
    return message.split("\n")[1].split(": ")[1];
}
