import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Target } from "../kubeconfig";

export class HelmError extends Error {}

export interface Repository {
    url: string;
    username?: string;
    password?: string;
    caFile?: string;
    certFile?: string;
    keyFile?: string;
}

/**
 * One or more runs of the helm command, with their files in a folder that only this user can read and that goes away.
 * Without a target they can do what needs no cluster.
 */
export async function withHelm<T>(target: Target | undefined, work: (helm: Helm) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), "mesh-egress-helm-"));
    // Also when the engine ends in the middle: a kubeconfig must not stay behind.
    const clean = () => rmSync(folder, { recursive: true, force: true });
    process.once("exit", clean);
    try {
        if (!target) {
            return await work(new Helm(folder, []));
        }
        let { file } = target;
        if (!file) {
            file = join(folder, "kubeconfig");
            await writeFile(file, target.content, { mode: 0o600 });
        }
        return await work(new Helm(folder, ["--kubeconfig", file, "--kube-context", target.context]));
    } finally {
        process.off("exit", clean);
        await rm(folder, { recursive: true, force: true });
    }
}

export class Helm {
    private environment: NodeJS.ProcessEnv = process.env;

    constructor(
        private readonly folder: string,
        private readonly connection: string[],
    ) {}

    /** Makes a repository known under a name. Its password must not show in the list of processes. */
    async addRepository(name: string, repository: Repository): Promise<void> {
        const config = join(this.folder, "repositories.yaml");
        await writeFile(config, JSON.stringify({ apiVersion: "", repositories: [{ name, ...repository }] }), {
            mode: 0o600,
        });
        const cache = join(this.folder, "cache");
        this.environment = { ...process.env, HELM_REPOSITORY_CONFIG: config, HELM_REPOSITORY_CACHE: cache };
        await this.run(["repo", "update", name, "--fail-on-repo-update-fail"]);
    }

    /** Runs helm and gives its standard output; the error is what it wrote on standard error. */
    run(args: string[], options: { input?: string; cancelled?: AbortSignal } = {}): Promise<string> {
        const command = process.env["MESH_EGRESS_HELM"] || "helm";
        return new Promise((resolve, reject) => {
            const child = spawn(command, [...args, ...this.connection], { env: this.environment });
            const out: Buffer[] = [];
            const err: Buffer[] = [];
            // A terminated helm notes the release as failed.
            const stop = () => child.kill("SIGTERM");
            // Where this process ends first, its engine was killed. The official plugin has helm inside, which dies with it
            // and leaves the release pending: so does this one.
            const die = () => child.kill("SIGKILL");
            options.cancelled?.addEventListener("abort", stop, { once: true });
            process.once("exit", die);
            child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
            child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
            child.stdin.on("error", () => undefined);
            child.stdin.end(options.input ?? "");
            child.on("error", (error: NodeJS.ErrnoException) =>
                reject(new HelmError(error.code === "ENOENT" ? `there is no helm at "${command}"` : error.message)),
            );
            child.on("close", (code) => {
                process.off("exit", die);
                options.cancelled?.removeEventListener("abort", stop);
                if (code === 0) {
                    resolve(Buffer.concat(out).toString("utf8"));
                } else {
                    reject(new HelmError(lastWords(Buffer.concat(err).toString("utf8")) || `helm ended with ${code}`));
                }
            });
        });
    }
}

/** What helm wrote as its error, without the warnings before it. */
function lastWords(text: string): string {
    const at = text.lastIndexOf("Error: ");
    return (at < 0 ? text : text.slice(at + "Error: ".length)).trim();
}
