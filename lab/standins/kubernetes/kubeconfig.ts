import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

export interface Cluster {
    server: string;
    "certificate-authority"?: string;
    "certificate-authority-data"?: string;
    "insecure-skip-tls-verify"?: boolean;
    "tls-server-name"?: string;
}
interface User {
    token?: string;
    tokenFile?: string;
    username?: string;
    password?: string;
    "client-certificate"?: string;
    "client-certificate-data"?: string;
    "client-key"?: string;
    "client-key-data"?: string;
    exec?: { command: string; args?: string[]; env?: { name: string; value: string }[]; apiVersion: string };
}
interface Document {
    "current-context"?: string;
    clusters?: { name: string; cluster: Cluster }[];
    users?: { name: string; user: User }[];
    contexts?: { name: string; context: { cluster: string; user?: string; namespace?: string } }[];
}

/** The cluster a kubeconfig points at, with what it takes to talk to it. */
export interface Target {
    cluster: Cluster;
    user: User;
    namespace?: string;
    /** The kubeconfig itself, for helm. */
    content: string;
    context: string;
    /** Its path, when it was given as one. */
    file?: string;
    /** Where relative paths in it start. */
    folder: string;
}

/** Reads a kubeconfig: its content, the path of a file, or (when not given) where kubectl would look. */
export function readKubeconfig(given: string | undefined, contextName?: string, clusterName?: string): Target {
    const path = given ?? process.env["KUBECONFIG"]?.split(":")[0] ?? join(homedir(), ".kube", "config");
    const isContent = /[\n{]/.test(path.trim());
    const file = resolve(path.replace(/^~(?=\/)/, homedir()));
    if (!isContent && !existsSync(file)) {
        throw new Error(`there is no kubeconfig at ${file}`);
    }
    const content = isContent ? path : readFileSync(file, "utf8");
    let document: Document;
    try {
        document = parse(content) as Document;
    } catch {
        // The parser's message quotes the text, and with it credentials.
        throw new Error("the kubeconfig is not YAML");
    }
    const name = contextName ?? document["current-context"] ?? "";
    const context = document.contexts?.find((item) => item.name === name)?.context;
    const wanted = clusterName ?? context?.cluster;
    const cluster = document.clusters?.find((item) => item.name === wanted)?.cluster;
    if (!cluster) {
        throw new Error(`the kubeconfig has no cluster for context "${name}"`);
    }
    const user = document.users?.find((item) => item.name === context?.user)?.user ?? {};
    const folder = isContent ? process.cwd() : dirname(file);
    return {
        cluster,
        user,
        namespace: context?.namespace,
        content,
        context: name,
        file: isContent ? undefined : file,
        folder,
    };
}

export interface Credentials {
    ca?: Buffer;
    cert?: Buffer;
    key?: Buffer;
    authorization?: string;
}

/** Reads the files a kubeconfig names and runs its credential command. */
export async function readCredentials({ cluster, user, folder }: Target): Promise<Credentials> {
    const bytes = (data: string | undefined, path: string | undefined) =>
        data ? Buffer.from(data, "base64") : path ? readFileSync(resolve(folder, path)) : undefined;
    const credentials: Credentials = {
        ca: bytes(cluster["certificate-authority-data"], cluster["certificate-authority"]),
        cert: bytes(user["client-certificate-data"], user["client-certificate"]),
        key: bytes(user["client-key-data"], user["client-key"]),
    };
    const token = user.token ?? (user.tokenFile && readFileSync(resolve(folder, user.tokenFile), "utf8").trim());
    if (token) {
        credentials.authorization = `Bearer ${token}`;
    } else if (user.username) {
        const pair = `${user.username}:${user.password ?? ""}`;
        credentials.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    } else if (user.exec) {
        const { command, args, env, apiVersion } = user.exec;
        const asked = { kind: "ExecCredential", apiVersion, spec: { interactive: false } };
        const { stdout } = await promisify(execFile)(command, args ?? [], {
            env: {
                ...process.env,
                ...Object.fromEntries((env ?? []).map((item) => [item.name, item.value])),
                KUBERNETES_EXEC_INFO: JSON.stringify(asked),
            },
        });
        const { status } = JSON.parse(stdout) as { status: Record<string, string | undefined> };
        credentials.authorization = status["token"] ? `Bearer ${status["token"]}` : undefined;
        credentials.cert = status["clientCertificateData"]
            ? Buffer.from(status["clientCertificateData"])
            : credentials.cert;
        credentials.key = status["clientKeyData"] ? Buffer.from(status["clientKeyData"]) : credentials.key;
    }
    return credentials;
}
