import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { builtCharts } from "../../lab/build/build";
import { until } from "../../lab/cluster/wait";
import { startControlPlane } from "../../lab/controlPlane";
import { findPlugins } from "../../lab/engine";
import { LabError } from "../../lab/errors";
import { choiceFromEnvironment } from "../../lab/local/cluster";
import { localEngine } from "../../lab/local/engine";
import { ApiClient, KubernetesObject } from "../../lab/standins/kubernetes/apiClient";
import { readKubeconfig } from "../../lab/standins/kubernetes/kubeconfig";
import { issue, keyPem } from "../../test/support/certificates";
import { runChild } from "../child";
import { compile, linkPackages, temporaryFolder } from "../compiled";
import { type Answer, type Task, PROJECT, answerIn } from "../operation";
import { takeDownLater } from "../takeDown";
import { Credential, GATEWAY } from "./layouts";
import { ProcessWatch, Usage } from "./processes";
import type { Layout, ProgramInput } from "./program";

/** Resources that an operation used, by program. */
export interface Measurement extends Answer {
    usages: Record<string, Usage>;
}

export interface Operation extends Pick<Task<unknown>, "operation" | "stack" | "env"> {
    layout: Layout;
    hosts: number;
}

/** What the engine keeps of a stack. */
export interface State {
    kilobytes: number;
    /** Kubernetes objects in it. */
    objects: number;
}

/** Everything that the operations of a part share: the API server, the compiled program, the engine. */
export class Stage {
    private constructor(
        readonly api: ApiClient,
        readonly cluster: { kubeconfig: string; context?: string },
        readonly credential: Credential,
        readonly folder: string,
        private readonly task: Pick<Task<unknown>, "engine" | "plugins" | "stateDir" | "passphrase">,
    ) {}

    static async open(tell: (line: string) => void): Promise<Stage> {
        const engine = await localEngine({ download: false, build: true, say: tell });
        const plugins = await findPlugins({ engine, names: ["kubernetes"] });
        [engine, ...plugins].forEach(({ line }) => tell(line));
        const folder = await temporaryFolder("engine");
        await compile("bench/engine/tsconfig.json", folder);
        await linkPackages(folder);
        const cluster = await openCluster(tell);
        const api = new ApiClient(readKubeconfig(cluster.kubeconfig, cluster.context));
        await makeNamespace(api);
        const passphrase = randomBytes(24).toString("base64url");
        return new Stage(api, cluster, await newCredential(), folder, {
            engine,
            plugins,
            stateDir: join(folder, "state"),
            passphrase,
        });
    }

    /** One operation, in a process of its own. */
    async run({ operation, stack, env, layout, hosts }: Operation): Promise<Measurement> {
        const input = { ...this.cluster, layout, hosts, credential: this.credential };
        const task: Task<ProgramInput> = { ...this.task, operation, stack, env, input };
        let watch: ProcessWatch | undefined;
        let usages: Record<string, Usage> = {};
        const { stdout } = await runChild(process.execPath, [join(this.folder, "bench", "engine", "child.js")], {
            what: `${operation} of ${hosts} hosts (${layout})`,
            input: JSON.stringify(task),
            onStart: (pid) => (watch = new ProcessWatch(pid)),
        }).finally(() => (usages = watch?.stop() ?? {}));
        return { ...answerIn(stdout), usages };
    }

    async state(stack: string): Promise<State> {
        const file = join(this.task.stateDir, ".pulumi", "stacks", PROJECT, `${stack}.json`);
        const text = await readFile(file, "utf8");
        const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: { type: string }[] } } };
        const objects = checkpoint.latest.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        return { kilobytes: Buffer.byteLength(text) / 1024, objects: objects.length };
    }
}

/** The cluster that was named, else an API server of its own with Istio's definitions and no nodes. */
async function openCluster(tell: (line: string) => void): Promise<{ kubeconfig: string; context?: string }> {
    const { kubeconfig, context } = choiceFromEnvironment();
    if (kubeconfig) {
        tell(`the cluster you named (${context ?? "current context"} of ${kubeconfig})`);
        return { kubeconfig, context };
    }
    const charts = builtCharts();
    const started = charts && (await startControlPlane());
    if (!started) {
        throw new LabError(
            "There is no API server to measure with. Name a cluster with --kubeconfig, or build one: npm run lab -- build",
        );
    }
    takeDownLater(() => started.stop());
    tell("an API server of its own, with Istio's definitions but no istiod");
    const definitions = await readFile(join(charts.base, "files", "crd-all.gen.yaml"), "utf8");
    for (const definition of loadAll(definitions) as KubernetesObject[]) {
        await started.api.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
    }
    for (const group of ["networking.istio.io/v1", "security.istio.io/v1"]) {
        if (!(await until(async () => (await started.api.find(`/apis/${group}`)) !== undefined, 60))) {
            throw new Error(`the API server does not serve ${group}`);
        }
    }
    return { kubeconfig: started.kubeconfig };
}

async function makeNamespace(api: ApiClient): Promise<void> {
    const path = `/api/v1/namespaces/${GATEWAY.namespace}`;
    if (await api.find(path)) {
        throw new LabError(
            `The cluster has a namespace ${GATEWAY.namespace} already. Another benchmark runs, or one was killed: delete it.`,
        );
    }
    await api.request("POST", "/api/v1/namespaces", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: GATEWAY.namespace },
    });
    if (!choiceFromEnvironment().kubeconfig) {
        // The part's own API server is stopped as a whole.
        return;
    }
    takeDownLater(async () => {
        await api.request("DELETE", path);
        if (!(await until(async () => (await api.find(path)) === undefined, 300))) {
            throw new Error(`namespace ${GATEWAY.namespace} is still there after 300 s`);
        }
    });
}

async function newCredential(): Promise<Credential> {
    const life = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 90 * 86_400_000) };
    const ca = await issue({ subject: "CN=Benchmark CA", ca: true, ...life });
    const client = await issue({ subject: "CN=client", issuer: ca, usage: "client", ...life });
    return { certificate: client.certificate, privateKey: keyPem(client.key), serverCa: ca.certificate };
}
