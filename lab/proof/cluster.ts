import { PassThrough, Readable } from "node:stream";
import * as k8s from "@kubernetes/client-node";

/** What a command in a pod printed, and how it ended. */
export interface Ran {
    stdout: string;
    stderr: string;
    code: number;
}

/** Any Kubernetes object; the client's own type has no room for what the kinds differ in. */
export type AnyObject = k8s.KubernetesObject & Record<string, unknown>;

/** A pod to talk to, by name. */
export interface PodRef {
    namespace: string;
    name: string;
    container: string;
}

/** The few things that a proof does with a cluster. */
export class Cluster {
    readonly core: k8s.CoreV1Api;
    readonly objects: k8s.KubernetesObjectApi;
    private readonly config: k8s.KubeConfig;

    constructor(kubeconfig: string | k8s.KubeConfig, context?: string) {
        this.config = typeof kubeconfig === "string" ? new k8s.KubeConfig() : kubeconfig;
        if (typeof kubeconfig === "string") {
            this.config.loadFromFile(kubeconfig);
        }
        if (context) {
            this.config.setCurrentContext(context);
        }
        this.core = this.config.makeApiClient(k8s.CoreV1Api);
        this.objects = k8s.KubernetesObjectApi.makeApiClient(this.config);
    }

    api<T extends k8s.ApiType>(type: new (configuration: k8s.Configuration) => T): T {
        return this.config.makeApiClient(type);
    }

    /** The same cluster, as a service account may use it. */
    async as(namespace: string, name: string): Promise<Cluster> {
        const server = this.config.getCurrentCluster();
        const body = { spec: { audiences: [], expirationSeconds: 3600 } };
        const { status } = await this.core.createNamespacedServiceAccountToken({ namespace, name, body });
        const config = new k8s.KubeConfig();
        config.loadFromClusterAndUser(server!, { name, token: status?.token });
        return new Cluster(config);
    }

    /** The running pods with a label. */
    async pods(namespace: string, labelSelector: string): Promise<k8s.V1Pod[]> {
        const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
        return items.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
    }

    /** The one pod with a label, once it is ready. */
    async readyPod(namespace: string, labelSelector: string, container: string, seconds = 60): Promise<PodRef> {
        return waitFor(`a ready pod ${labelSelector} in ${namespace}`, seconds, async () => {
            const pod = (await this.pods(namespace, labelSelector)).find((candidate) =>
                candidate.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
            );
            return pod?.metadata?.name && { namespace, name: pod.metadata.name, container };
        });
    }

    async exec(pod: PodRef, command: string[], stdin?: string): Promise<Ran> {
        const [stdout, stderr] = [new PassThrough(), new PassThrough()];
        const texts = [collect(stdout), collect(stderr)];
        const code = await new Promise<number>((resolve, reject) => {
            new k8s.Exec(this.config)
                .exec(
                    pod.namespace,
                    pod.name,
                    pod.container,
                    command,
                    stdout,
                    stderr,
                    stdin === undefined ? null : Readable.from([stdin]),
                    false,
                    (status) => resolve(exitCode(status)),
                )
                .then((socket: { onerror: unknown }) => {
                    socket.onerror = () => reject(new Error(`exec in ${pod.namespace}/${pod.name}: connection failed`));
                })
                .catch(reject);
        });
        stdout.end();
        stderr.end();
        const [out, err] = await Promise.all(texts);
        return { stdout: out, stderr: err, code };
    }

    /** Starts a command that runs until its pod is gone. Returns a function that returns its output so far. */
    async start({ namespace, name, container }: PodRef, command: string[]): Promise<() => string> {
        const stdout = new PassThrough();
        let text = "";
        stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
        const exec = new k8s.Exec(this.config);
        await exec.exec(namespace, name, container, command, stdout, null, null, false);
        return () => text;
    }

    /** What a container has logged in the last minutes. */
    async logs(pod: PodRef): Promise<string> {
        const { namespace, name, container } = pod;
        return this.core.readNamespacedPodLog({ namespace, name, container, sinceSeconds: 300 });
    }

    /** Creates the object, or updates the existing one. */
    async apply(object: AnyObject): Promise<void> {
        await this.objects.patch(
            object,
            undefined,
            undefined,
            "mesh-egress-proof",
            true,
            k8s.PatchStrategy.ServerSideApply,
        );
    }

    /** Lets the API server validate a new object without creating it (dry run). */
    async tryCreate(object: AnyObject): Promise<void> {
        await this.objects.create(object, undefined, "All");
    }

    async exists(object: k8s.KubernetesObject): Promise<boolean> {
        const read = this.objects.read(object as Parameters<k8s.KubernetesObjectApi["read"]>[0]);
        return (await ignoreMissing(read)) !== undefined;
    }

    /** Deletes the object if it is there, and returns once it is gone; a pod by default after its own grace period. */
    async remove(object: k8s.KubernetesObject, graceSeconds?: number): Promise<void> {
        await ignoreMissing(this.objects.delete(object, undefined, undefined, graceSeconds));
        const what = `${object.kind} ${object.metadata?.name} to be gone`;
        await waitFor(what, 120, async () => !(await this.exists(object)));
    }
}

/** Asks until the answer is truthy. The error names what was awaited. */
export async function waitFor<T>(
    what: string,
    seconds: number,
    ask: () => Promise<T>,
): Promise<Exclude<T, undefined | null | false | "">> {
    const deadline = Date.now() + seconds * 1000;
    let last: unknown;
    do {
        try {
            const answer = await ask();
            if (answer) {
                return answer as Exclude<T, undefined | null | false | "">;
            }
        } catch (error) {
            last = error;
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
    } while (Date.now() < deadline);
    throw new Error(`waited ${seconds} s for ${what}`, { cause: last });
}

async function ignoreMissing<T>(call: Promise<T>): Promise<T | undefined> {
    try {
        return await call;
    } catch (error) {
        if ((error as { code?: number }).code === 404) {
            return undefined;
        }
        throw error;
    }
}

function exitCode(status: k8s.V1Status): number {
    if (status.status === "Success") {
        return 0;
    }
    const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
    return cause?.message === undefined ? -1 : Number(cause.message);
}

async function collect(stream: PassThrough): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
        chunks.push(Buffer.from(chunk as Uint8Array));
    }
    return Buffer.concat(chunks).toString();
}
