import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { parse } from "yaml";
import { adminKubeconfig } from "./places";

/** The lab's requests to its own API server. Loading a client library would take longer than all of them. */
export interface KubeObject {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
    [field: string]: unknown;
}

interface Kubeconfig {
    clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
    users: { user: { token: string } }[];
}

export interface Answer {
    status: number;
    body: string;
}

export function ask(path: string, options: { method?: string; body?: string; type?: string } = {}): Promise<Answer> {
    const { clusters, users } = parse(readFileSync(adminKubeconfig, "utf8")) as Kubeconfig;
    const [{ cluster }] = clusters;
    return new Promise((resolve, reject) => {
        const request = httpsRequest(
            new URL(path, cluster.server),
            {
                method: options.method ?? "GET",
                ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
                headers: {
                    authorization: `Bearer ${users[0].user.token}`,
                    ...(options.type ? { "content-type": options.type } : {}),
                },
                timeout: 10_000,
            },
            (response) => {
                let body = "";
                response.setEncoding("utf8");
                response.on("data", (text: string) => (body += text));
                response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
                response.on("error", reject);
            },
        );
        request.on("timeout", () => request.destroy(new Error(`no answer from ${cluster.server}${path}`)));
        request.on("error", reject);
        request.end(options.body);
    });
}

/** Whether a path answers with 200. False if the connection is refused. */
export async function answers(path: string): Promise<boolean> {
    return (await ask(path).catch(() => undefined))?.status === 200;
}

/** An object of the API, or undefined when it does not exist or nobody answers. */
export async function get<T>(path: string): Promise<T | undefined> {
    const answer = await ask(path).catch(() => undefined);
    return answer?.status === 200 ? (JSON.parse(answer.body) as T) : undefined;
}

const collections: Record<string, string> = {
    ServiceAccount: "serviceaccounts",
    ConfigMap: "configmaps",
    Service: "services",
    Deployment: "deployments",
    ClusterRole: "clusterroles",
    ClusterRoleBinding: "clusterrolebindings",
};

export function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const namespace = metadata.namespace ? `/namespaces/${metadata.namespace}` : "";
    return `${root}${namespace}/${collections[kind]}/${metadata.name}`;
}

/** Server-side apply: creates the object, or changes it to what is given. */
export async function apply(object: KubeObject): Promise<void> {
    const { status, body } = await ask(`${pathOf(object)}?fieldManager=mesh-egress-lab&force=true`, {
        method: "PATCH",
        type: "application/apply-patch+yaml",
        body: JSON.stringify(object),
    });
    if (status >= 300) throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${body}`);
}
