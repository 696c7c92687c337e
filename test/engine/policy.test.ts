import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Provider } from "@pulumi/kubernetes/provider";
import { engineEnvironment, openStack } from "../../lab/engine";
import { CALLERS, localConfig } from "../../lab/proof/program";
import type { StackConfig } from "../../stacks/config";
import { deployEnvironment } from "../../stacks/environment";
import { issue } from "../support/certificates";
import { EngineSetup, machine } from "../support/machine";
import { noCluster } from "../support/noCluster";

const NO_CLUSTER = noCluster();
const HOST = "api.partner.example";
const PACK = join(__dirname, "../../policy");

const allowFrom = [{ namespace: CALLERS }];
const wildcards = (serverCa: string): StackConfig["routes"] => [
    { name: "wild-mutual", hosts: ["*.mutual.example"], serverCa, allowFrom },
    { name: "wild-simple", hosts: ["*.simple.example"], mode: "simpleTls", allowFrom },
    { name: "wild-http", hosts: ["*.http.example"], mode: "http", allowFrom },
    { name: "wild-sidecar", hosts: ["*.sidecar.example"], mode: "sidecarSimpleTls", allowFrom },
    {
        name: "wild-direct",
        hosts: ["*.direct.example"],
        mode: "direct",
        ports: [{ number: 80, protocol: "http" }],
        allowFrom,
    },
];

describe("the policy pack with the real engine", function () {
    let setup: EngineSetup;
    let languages: string;
    let folder: string;

    before(async function () {
        setup = await machine.engine(this);
        ({ folder: languages } = await machine.languages(this));
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-policy-"));
    });

    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    /** What a preview prints, and whether it passes. */
    async function preview(name: string, program: PulumiFn, config: unknown = {}) {
        const options = { ...setup, stateDir: folder, passphrase: "only for this test" };
        // The engine has its language host for Node start the pack, as for a user of `pulumi preview --policy-pack`.
        const PATH = [languages, engineEnvironment(options).PATH].join(delimiter);
        const stack = await openStack({
            ...options,
            name,
            project: "policy-test",
            program,
            env: { ...setup.env, PATH },
        });
        const policyPackConfigs = [join(folder, `${name}.json`)];
        await writeFile(policyPackConfigs[0], JSON.stringify(config));
        let told = "";
        const onOutput = (text: string) => void (told += text);
        const passes = await stack.preview({ policyPacks: [PACK], policyPackConfigs, onOutput }).then(
            () => true,
            () => false,
        );
        return { passes, told };
    }

    const unchecked: PulumiFn = () => {
        const provider = new Provider("none", { kubeconfig: NO_CLUSTER });
        const spec = { host: HOST, trafficPolicy: { tls: { mode: "SIMPLE", sni: HOST } } };
        const metadata = { namespace: "app", name: "partner" };
        const rule = { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", metadata, spec };
        new CustomResource("rule", rule, { provider });
        return Promise.resolve();
    };

    it("stops a preview that leaves traffic unprotected, and says how to mend it", async () => {
        const { passes, told } = await preview("unchecked", unchecked);
        assert.ok(!passes, told);
        assert.match(
            told,
            /\[mandatory\].*server-name-unchecked {2}\(kubernetes:networking.istio.io\/v1:DestinationRule: rule\)/,
        );
        assert.match(told, /Add subjectAltNames: \["api\.partner\.example"\]/);
    });

    it("takes the level from the configuration", async () => {
        const { passes, told } = await preview("advised", unchecked, { "server-name-unchecked": "advisory" });
        assert.ok(passes, told);
        assert.match(told, /\[advisory\].*server-name-unchecked/);
    });

    it("mends what the configuration lets it mend: the README's", async () => {
        const readme = await readFile(join(PACK, "README.md"), "utf8");
        const config: unknown = JSON.parse(readme.split("```json")[1].split("```")[0]);
        const { passes, told } = await preview("mended", unchecked, config);
        assert.ok(passes, told);
        assert.match(told, /\[remediate\].*server-name-unchecked-remedy/);
    });

    it("has nothing to say of this project's own stack, wildcards of each mode included", async () => {
        const config = localConfig({
            cluster: { kubeconfig: NO_CLUSTER },
            mesh: { charts: { repository: "https://charts.example" }, version: "1.31.0" },
            curlImage: "curl",
        });
        const valid = { notBefore: new Date(), notAfter: new Date(Date.now() + 24 * 3_600_000) };
        const { certificate: serverCa } = await issue({ subject: "CN=CA", ca: true, ...valid });
        const { passes, told } = await preview("own", () => {
            deployEnvironment({ ...config, routes: [...config.routes, ...wildcards(serverCa)] });
            return Promise.resolve();
        });
        assert.match(told, /EnvoyFilter/);
        assert.ok(passes, told);
        assert.match(told, /✅ mesh-egress@v0\.1\.0/);
        assert.doesNotMatch(told, /\[(mandatory|advisory)\]/);
    });
});
