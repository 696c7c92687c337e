import { randomUUID } from "node:crypto";
import { FAILURE_HEADER } from "../../plan/egress/route/failureHeader";
import { Cluster, PodRef } from "./cluster";

export interface Answer {
    /** Status code; 0 where there was no HTTP answer. */
    status: number;
    body: string;
    /** Why the gateway got no connection to the partner; empty where it did. */
    failure: string;
    /** What curl said, where there was no answer. */
    error: string;
    /** Part of the request's path by which logs can be searched. */
    mark: string;
}

/** Certificate and key of a client, PEM. */
export interface ClientPem {
    certificate: string;
    privateKey: string;
}

/** Calls `http://<host>` as an application of the mesh does. */
export async function call(cluster: Cluster, from: PodRef, host: string): Promise<Answer> {
    return request(cluster, from, `http://${host}`);
}

/** Calls the server itself, past the mesh, with a client certificate or none. */
export async function callServer(
    cluster: Cluster,
    from: PodRef,
    server: { host: string; address: string },
    client?: ClientPem,
): Promise<Answer> {
    const options = ["--insecure", "--connect-to", `${server.host}:443:${server.address}:443`];
    return request(cluster, from, `https://${server.host}`, { options, client });
}

/** Calls the root of `url` with curl, and with a client certificate where there is one. */
export async function request(
    cluster: Cluster,
    from: PodRef,
    url: string,
    { options = [], client }: { options?: string[]; client?: ClientPem } = {},
): Promise<Answer> {
    const mark = randomUUID();
    const result = `\n%header{${FAILURE_HEADER}}\n%{http_code}`;
    const command = ["curl", "-sS", "--max-time", "15", "-w", result, ...options, `${url}/?${mark}`];
    const pem = client && `${client.certificate}\n${client.privateKey}\n`;
    const ran = await cluster.exec(from, pem === undefined ? command : withClient(command, pem), pem);
    const lines = ran.stdout.split("\n");
    const [failure, status] = lines.splice(-2);
    return { status: Number(status), failure, body: lines.join("\n"), error: ran.stderr.trim(), mark };
}

/** The command with a client certificate from standard input, so that the key is in no process list. */
function withClient(command: string[], pem: string): string[] {
    // The length is given, because not every exec protocol can say that standard input has ended.
    const script = `umask 077; file=$(mktemp); head -c ${Buffer.byteLength(pem)} > "$file"; "$@" --cert "$file"; rm "$file"`;
    return ["sh", "-c", script, "sh", ...command];
}
