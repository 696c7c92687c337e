import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { binary } from "./build/build";
import { findOnPath } from "./engine/findOnPath";
import { ApiClient } from "./standins/kubernetes/apiClient";
import { readKubeconfig } from "./standins/kubernetes/kubeconfig";

/** A real API server with its controllers, without nodes: it accepts pods, but nothing runs them. */
export interface ControlPlane {
    kubeconfig: string;
    api: ApiClient;
    stop(): Promise<void>;
}

const program = (name: string) => findOnPath(name) ?? binary(name);

/** Starts one on loopback ports, with features that its version turns off by default; undefined where its programs are missing. */
export async function startControlPlane(features: string[] = []): Promise<ControlPlane | undefined> {
    const [etcd, apiServer, controllers] = ["etcd", "kube-apiserver", "kube-controller-manager"].map(program);
    const openssl = program("openssl");
    if (!etcd || !apiServer || !controllers || !openssl) {
        return undefined;
    }
    const folder = await mkdtemp(join(tmpdir(), "mesh-egress-control-plane-"));
    const children: ChildProcess[] = [];
    const start = (command: string, ...args: string[]) =>
        children.push(spawn(command, args, { stdio: "ignore", cwd: folder }));
    const stop = async () => {
        // In reverse order, because each one would otherwise wait for the one that it calls.
        for (const child of children.reverse()) {
            const ended = new Promise((resolve) => child.once("exit", resolve));
            if (child.exitCode === null && child.signalCode === null) {
                child.kill("SIGKILL");
                await ended;
            }
        }
        await rm(folder, { recursive: true, force: true });
    };
    try {
        const [client, peer, secure] = await Promise.all([freePort(), freePort(), freePort()]);
        const key = join(folder, "service-account.key");
        await new Promise((resolve) => spawn(openssl, ["genrsa", "-out", key, "2048"]).once("exit", resolve));
        const token = randomUUID();
        await writeFile(join(folder, "tokens.csv"), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
        const kubeconfig = JSON.stringify({
            apiVersion: "v1",
            kind: "Config",
            "current-context": "test",
            clusters: [
                { name: "test", cluster: { server: `https://127.0.0.1:${secure}`, "insecure-skip-tls-verify": true } },
            ],
            users: [{ name: "test", user: { token } }],
            contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
        });
        await writeFile(join(folder, "kubeconfig"), kubeconfig, { mode: 0o600 });
        const etcdUrl = `http://127.0.0.1:${client}`;
        start(
            etcd,
            "--data-dir",
            join(folder, "etcd"),
            "--unsafe-no-fsync",
            "--log-level",
            "error",
            ...etcdUrls(etcdUrl, peer),
        );
        start(
            apiServer,
            ...["--etcd-servers", etcdUrl, "--cert-dir", join(folder, "certificates")],
            ...["--bind-address", "127.0.0.1", "--secure-port", String(secure)],
            ...["--service-cluster-ip-range", "10.96.0.0/16", "--token-auth-file", join(folder, "tokens.csv")],
            ...["--service-account-issuer", "https://kubernetes.default.svc"],
            ...["--service-account-signing-key-file", key, "--service-account-key-file", key],
            ...["--authorization-mode", "RBAC", "--profiling=false"],
            ...(features.length > 0 ? ["--feature-gates", features.map((name) => `${name}=true`).join(",")] : []),
        );
        const api = new ApiClient(readKubeconfig(kubeconfig));
        await until("the API server is up", async () => (await api.find("/api/v1/namespaces/default")) !== undefined);
        start(
            controllers,
            ...["--kubeconfig", join(folder, "kubeconfig"), "--leader-elect=false", "--secure-port", "0"],
            ...["--service-account-private-key-file", key, "--use-service-account-credentials=false"],
        );
        await until("the controllers are up", async () => {
            return (await api.find("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined;
        });
        return { kubeconfig, api, stop };
    } catch (error) {
        await stop();
        throw error;
    }
}

function etcdUrls(client: string, peer: number): string[] {
    const peerUrl = `http://127.0.0.1:${peer}`;
    return [
        ...["--listen-client-urls", client, "--advertise-client-urls", client],
        ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
        ...["--initial-cluster", `default=${peerUrl}`],
    ];
}

/** Asks until the answer is true. An error counts as false. */
export async function until(what: string, ask: () => Promise<boolean>, seconds = 60): Promise<void> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(200)) {
        if (await ask().catch(() => false)) {
            return;
        }
    }
    throw new Error(`not within ${seconds} s: ${what}`);
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address() as { port: number };
            server.close(() => resolve(port));
        });
    });
}
