import { AnyObject, Cluster, PodRef } from "../../lab/proof/cluster";

/*
 * nginx in a pod, for tests and the benchmark: a partner outside the mesh, or a server that tells what it saw. What is in a
 * `server` block is the caller's own.
 */

/** A configuration file around `servers`, whose temporary files are in /tmp. `http` is put in front of them. */
export function nginxFile(servers: string[], http = ""): string {
    const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((one) => `${one}_temp_path /tmp/${one};`);
    return ["pid /tmp/nginx.pid;", "events {}", "http {", http, ...folders, ...servers, "}", ""].join("\n");
}

/** Where the pod has its files. */
export const NGINX_FOLDER = "/partner";

/** A server with TLS. Its files are named after `key`, and `ca.crt` has the clients' CA certificates. */
export interface TlsServer {
    port: number;
    hosts: string[];
    key: string;
    verifies: boolean;
    answer: string;
    isDefault?: boolean;
    /** Further lines. */
    more?: string[];
}

export function tlsServer({ port, hosts, key, verifies, answer, isDefault = false, more = [] }: TlsServer): string {
    return [
        "server {",
        `listen ${port} ssl${isDefault ? " default_server" : ""};`,
        `server_name ${hosts.join(" ")};`,
        `ssl_certificate ${NGINX_FOLDER}/${key}.crt;`,
        `ssl_certificate_key ${NGINX_FOLDER}/${key}.key;`,
        `ssl_client_certificate ${NGINX_FOLDER}/ca.crt;`,
        `ssl_verify_client ${verifies ? "on" : "off"};`,
        "ssl_verify_depth 4;",
        ...more,
        `location / { return 200 "${answer}\\n"; }`,
        "}",
    ].join("\n");
}

export interface NginxPod {
    namespace: string;
    image: string;
    /** Text of nginx.conf. */
    config: string;
    /** Further files in its folder. */
    files: Record<string, string>;
    /** Ports of its service, by name; the pod is ready once the first one is open. */
    ports: Record<string, number>;
    /** Shell commands that run beside nginx, in the folder of the files. */
    beside?: string[];
}

/** Starts nginx as `partner` in a namespace, with a service, and waits until it is ready. */
export async function startNginx(cluster: Cluster, pod: NginxPod): Promise<PodRef> {
    const { namespace, image, config, files, ports, beside = [] } = pod;
    const nginx = ["nginx", "-c", `${NGINX_FOLDER}/nginx.conf`, "-e", "/dev/stderr", "-g", "daemon off;"];
    const script = [`cd ${NGINX_FOLDER}`, ...beside.map((one) => `{ ${one}; } &`), 'exec "$@"'].join("\n");
    const metadata = { name: "partner", namespace };
    const selector = { app: "partner" };
    const objects: AnyObject[] = [
        { apiVersion: "v1", kind: "Secret", metadata, stringData: { ...files, "nginx.conf": config } },
        {
            apiVersion: "v1",
            kind: "Service",
            metadata,
            spec: { selector, ports: Object.entries(ports).map(([name, port]) => ({ name, port })) },
        },
    ];
    for (const object of objects) {
        await cluster.apply(object);
    }
    // nginx reads its files at the start only, and an earlier run may have left one with its own.
    await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, labels: selector },
        spec: {
            terminationGracePeriodSeconds: 0,
            containers: [
                {
                    name: "nginx",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: beside.length > 0 ? ["sh", "-c", script, "sh", ...nginx] : nginx,
                    readinessProbe: { tcpSocket: { port: Object.values(ports)[0] }, periodSeconds: 1 },
                    volumeMounts: [{ name: "files", mountPath: NGINX_FOLDER }],
                },
            ],
            volumes: [{ name: "files", secret: { secretName: "partner" } }],
        },
    });
    return cluster.readyPod(namespace, "app=partner", "nginx");
}
