import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import ts from "typescript";
import { kubectlIn, kubectlOnPath } from "../../cli/input/kubectl";
import { ProgramResult } from "../../cli/input/runProgram";
import { findOnPath } from "../../lab/engine/findOnPath";
import { openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { call } from "../../lab/proof/http";
import { logLine } from "../../lab/proof/logLine";
import { proxyPage } from "../../lab/proof/proxy";
import { RawObject } from "../../review/rawObject";
import { Issued, issue, keyPem } from "../support/certificates";
import { runCommand } from "../support/command";
import { GUIDES, HOST } from "../support/guides";
import { Load } from "../support/load";
import { listening, localEnvironment } from "../support/localEnvironment";
import { PARTNER, startPartner } from "../support/partner";
import { startCaller } from "../support/pods";

const CALLERS = "adopt-callers";
const UPSTREAM = "adopt-partner";
/** Not the root namespace as in the guides: nothing is injected there. */
const OLD_GATEWAY = { name: "istio-egressgateway", namespace: "adopt-old-gateway" };
/** The guide's objects with the gateway there and the application's in a namespace of their own. */
const GUIDE = (
    JSON.parse(JSON.stringify(GUIDES.mutualTls).replaceAll("istio-system", OLD_GATEWAY.namespace)) as RawObject[]
).map((object) => {
    const { namespace } = object.metadata as { namespace: string };
    return { ...object, metadata: { ...object.metadata, namespace: namespace === "default" ? CALLERS : namespace } };
});

interface Step {
    title: string;
    commands: string[];
}

/**
 * The guides' mutual TLS layout on a real cluster: applied, adopted by the command from the live cluster, and switched to
 * the program in the order that the command gives, while applications call.
 */
describe("adopting the guides' layout on a real cluster", function () {
    this.timeout(600_000);

    let cluster: Cluster;
    let caller: PodRef;
    let newGateway: PodRef;
    let stack: Stack;
    let load: Load;
    let folder: string;
    let program: string;
    let steps: Step[];
    let kubectl: (args: string[], input?: string) => Promise<ProgramResult>;
    const old: AnyObject[] = [];

    before(async function () {
        if (!findOnPath("kubectl")) {
            this.skip();
        }
        const environment = await localEnvironment(this);
        const { local, engine, plugins } = environment;
        ({ cluster } = environment);
        newGateway = environment.context.gateway;
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-adopt-"));
        kubectl = kubectlIn(kubectlOnPath, { kubeconfig: local.kubeconfig, context: local.context });
        const identities = await startUpstream(local.settings.nginxImage ?? "nginx");
        await startOldGateway();
        await applyGuide(identities);
        caller = await startCaller(cluster, CALLERS, "adopt-caller", local.settings.curlImage);
        await waitFor("200 by the guide's way", 60, async () => (await call(cluster, caller, HOST)).status === 200);
        stack = await openProofStack(engine, plugins, local, "adopted", () => runProgram());
        await stack.setAllConfig({
            "kubernetes:kubeconfig": { value: local.kubeconfig },
            "kubernetes:enableSecretMutable": { value: "true" },
        });
    });

    after(async () => {
        await load?.end();
        await stack?.destroy(listening);
        await stack?.workspace.removeStack("adopted");
        for (const object of old.reverse()) {
            await cluster.remove(object);
        }
        if (folder) {
            rmSync(folder, { recursive: true });
        }
    });

    async function apply(object: AnyObject): Promise<void> {
        old.push(object);
        await cluster.apply(object);
    }

    async function startUpstream(image: string): Promise<{ client: Issued; authority: Issued }> {
        const now = Date.now();
        const life = { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 60 * 24 * 3_600_000) };
        const authority = await issue({ subject: "CN=adopt authority", ca: true, ...life });
        const server = await issue({
            subject: "CN=partner",
            issuer: authority,
            usage: "server",
            hosts: [HOST],
            ...life,
        });
        const client = await issue({ subject: "CN=adopt client", issuer: authority, usage: "client", ...life });
        old.push({ apiVersion: "v1", kind: "Namespace", metadata: { name: UPSTREAM } });
        await startPartner(cluster, UPSTREAM, image, [{ hosts: [HOST], certificate: server }], authority.certificate);
        // The partner's service takes TLS on the port of the guide.
        await apply({
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "partner-443", namespace: UPSTREAM },
            spec: { selector: { app: "partner" }, ports: [{ name: "mutual", port: 443, targetPort: PARTNER.mutual }] },
        });
        return { client, authority };
    }

    /** The gateway that Istio's installer makes, in the root namespace. */
    async function startOldGateway(): Promise<void> {
        const labels = { app: OLD_GATEWAY.name, istio: "egressgateway" };
        const metadata = OLD_GATEWAY;
        await apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: OLD_GATEWAY.namespace, labels: { "istio-injection": "enabled" } },
        });
        await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
        await apply({
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "Role",
            metadata,
            rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "watch", "list"] }],
        });
        await apply({
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "RoleBinding",
            metadata,
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: OLD_GATEWAY.name },
            subjects: [{ kind: "ServiceAccount", ...OLD_GATEWAY }],
        });
        await apply({
            apiVersion: "v1",
            kind: "Service",
            metadata: { ...metadata, labels },
            spec: {
                selector: labels,
                ports: [
                    { name: "http2", port: 80, targetPort: 8080 },
                    { name: "https", port: 443, targetPort: 8443 },
                ],
            },
        });
        await apply({
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { ...metadata, labels },
            spec: {
                selector: { matchLabels: labels },
                template: {
                    metadata: {
                        labels: { ...labels, "sidecar.istio.io/inject": "true" },
                        annotations: { "inject.istio.io/templates": "gateway" },
                    },
                    spec: {
                        serviceAccountName: OLD_GATEWAY.name,
                        terminationGracePeriodSeconds: 5,
                        containers: [{ name: "istio-proxy", image: "auto", imagePullPolicy: "IfNotPresent" }],
                    },
                },
            },
        });
        await cluster.readyPod(OLD_GATEWAY.namespace, "istio=egressgateway", "istio-proxy", 120);
    }

    async function applyGuide({ client, authority }: { client: Issued; authority: Issued }): Promise<void> {
        await apply({
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: CALLERS, labels: { "istio-injection": "enabled" } },
        });
        for (const object of GUIDE) {
            const spec = object.spec as Record<string, unknown>;
            if (object.kind === "Secret") {
                const stringData = {
                    "tls.crt": client.certificate,
                    "tls.key": keyPem(client.key),
                    "ca.crt": authority.certificate,
                };
                await apply({ ...object, data: undefined, stringData });
            } else if (object.kind === "ServiceEntry") {
                // The name is in no DNS here.
                const endpoints = [{ address: `partner-443.${UPSTREAM}.svc.cluster.local` }];
                await apply({ ...object, spec: { ...spec, endpoints } });
            } else {
                await apply(object);
            }
        }
    }

    /** Runs the program that the command wrote, as the engine's language host would. */
    function runProgram(): Promise<void> {
        const file = join(folder, "index.cjs");
        const module = { exports: {} };
        const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
        writeFileSync(file, outputText);
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- the program asks for the package by its name
        const load = (name: string): unknown => require(name === "mesh-egress" ? "../../components" : name);
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the program is the thing under test
        const main = new Function("require", "exports", outputText) as (load: unknown, exports: object) => void;
        main(load, module.exports);
        return Promise.resolve();
    }

    const stepOf = (title: RegExp): Step => {
        const step = steps.find((one) => title.test(one.title));
        assert.ok(step, `no step ${title.source}`);
        return step;
    };

    /** Runs the commands of a step as a person would, in a shell. */
    async function take(title: RegExp): Promise<void> {
        for (const line of stepOf(title).commands) {
            assert.match(line, /^kubectl (patch|delete) /);
            const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word);
            const { code, stderr } = await kubectl(args.slice(1));
            assert.equal(code, 0, `${line}: ${stderr}`);
        }
    }

    it("is a program with the same host, callers and certificate, from the live cluster", async () => {
        const { code, out } = await runCommand(
            [
                "adopt",
                "--cluster",
                "--output",
                "json",
                "--gateway",
                "istio-egress/egress-gateway",
                "--callers",
                CALLERS,
            ],
            { kubectl },
        );
        assert.equal(code, 0);
        const adoption = JSON.parse(out) as {
            program: string;
            routes: { hosts: string[]; mode: string; allowFrom: object[]; credential?: string }[];
            steps: Step[];
        };
        assert.doesNotMatch(out, /PRIVATE KEY|LS0tLS1/);
        const route = adoption.routes.find(({ hosts }) => hosts.includes(HOST));
        assert.deepEqual([route?.mode, route?.allowFrom], ["mutualTls", [{ namespace: CALLERS }]]);
        ({ steps } = adoption);
    });

    it("is switched to under a hundred calls a second without a lost call", async () => {
        // The lab's own routes are in the cluster too, and stay theirs.
        const files = await runCommand(
            ["adopt", "-", "--output", "json", "--gateway", "istio-egress/egress-gateway", "--callers", CALLERS],
            { stdin: JSON.stringify({ apiVersion: "v1", kind: "List", items: await guideInCluster() }) },
        );
        ({ program, steps } = JSON.parse(files.out) as { program: string; steps: Step[] });
        await configure();
        load = await Load.start(cluster, caller, HOST);
        await take(/^Add the port/);
        await take(/^Keep the old routing/);
        await stack.up(listening);
        assert.match(await byWhichGateway(), /istio-egressgateway/, "the old way is still first in line");
        await waitFor("the host in the new gateway", 30, async () =>
            (await proxyPage(cluster, newGateway, "clusters")).includes(`outbound|80||${HOST}::`),
        );
        await take(/^Switch/);
        await waitFor("calls by the new gateway", 30, async () => {
            const { mark } = await call(cluster, caller, HOST);
            return logLine(cluster, newGateway, mark).catch(() => false);
        });
        await take(/^Delete the remaining/);
        await waitFor("the old entry to be gone from the new gateway's way", 30, async () => {
            const { status } = await call(cluster, caller, HOST);
            return status === 200;
        });
        const { answered, failures } = await load.end();
        assert.deepEqual(failures, {});
        assert.ok(answered > 500, `${answered} calls`);
        console.log(`        ${answered} calls, 0 failed`);
    });

    async function guideInCluster(): Promise<object[]> {
        const found = await Promise.all(
            GUIDE.map(async ({ kind, metadata }) => {
                const { name, namespace } = metadata as { name: string; namespace: string };
                const resource = kind === "Secret" ? "secret" : `${kind.toLowerCase()}.networking.istio.io`;
                const { stdout } = await kubectl(["get", resource, "-n", namespace, name, "-o", "json"]);
                return JSON.parse(stdout) as object;
            }),
        );
        return found;
    }

    /** Fills the configuration from the secret that the commands name. */
    async function configure(): Promise<void> {
        for (const line of stepOf(/^Copy the credentials/).commands) {
            const [, secret, namespace, key, isSecret, name] =
                /get secret (\S+) -n (\S+) -o jsonpath='\{\.data\.(.*?)\}' .* pulumi config set (--secret )?(\S+)$/.exec(
                    line,
                ) ?? [];
            assert.ok(name, line);
            const { data } = await cluster.core.readNamespacedSecret({ name: secret, namespace });
            const value = Buffer.from(data?.[key.replaceAll("\\", "")] ?? "", "base64").toString();
            assert.notEqual(value, "", line);
            await stack.setConfig(name, { value, secret: isSecret !== undefined });
        }
    }

    async function byWhichGateway(): Promise<string> {
        const { mark } = await call(cluster, caller, HOST);
        const line = await logLine(cluster, { ...caller, container: "istio-proxy" }, mark);
        return line;
    }
});
