import * as http from "node:http";
import * as https from "node:https";
import { type Credentials, readCredentials, type Target } from "./kubeconfig";

/** A Kubernetes object as the API server sends it. */
export interface KubernetesObject {
    apiVersion?: string;
    kind?: string;
    metadata: {
        name: string;
        namespace?: string;
        uid?: string;
        generation?: number;
        deletionTimestamp?: string;
        annotations?: Record<string, string>;
        labels?: Record<string, string>;
        [key: string]: unknown;
    };
    [key: string]: unknown;
}

/** The API server said no. */
export class ApiError extends Error {
    constructor(
        readonly code: number,
        readonly reason: string,
        message: string,
    ) {
        super(message);
    }
}

/** There was nobody to say anything. */
export class Unreachable extends Error {}

interface Answer {
    code: number;
    body: string;
}

/**
 * Talks to the API server. Written on node:https, because loading the general client takes longer than everything
 * else this plugin does at its start.
 */
export class ApiClient {
    private readonly agent: http.Agent | https.Agent;
    private credentials?: Promise<Credentials>;

    constructor(private readonly target: Target) {
        // Idle connections must not keep the process from ending, nor be closed between two waits.
        const options = { keepAlive: true, maxSockets: 16 };
        this.agent = target.cluster.server.startsWith("http:") ? new http.Agent(options) : new https.Agent(options);
    }

    async get<T = KubernetesObject>(path: string): Promise<T> {
        return this.request<T>("GET", path);
    }

    /** Undefined when there is none. */
    async find(path: string): Promise<KubernetesObject | undefined> {
        try {
            return await this.get(path);
        } catch (error) {
            if (error instanceof ApiError && error.code === 404) {
                return undefined;
            }
            throw error;
        }
    }

    async request<T>(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<T> {
        const answer = await this.send(
            method,
            path,
            body === undefined ? undefined : JSON.stringify(body),
            contentType,
        );
        if (answer.code < 300) {
            return JSON.parse(answer.body) as T;
        }
        let status: { reason?: string; message?: string } = {};
        try {
            status = JSON.parse(answer.body) as typeof status;
        } catch {
            // Not every violation is a Status: what stands before the API server may answer in plain text.
        }
        const message = status.message ?? (answer.body.slice(0, 500) || `HTTP ${answer.code}`);
        throw new ApiError(answer.code, status.reason ?? "", message);
    }

    private async send(method: string, path: string, body: string | undefined, contentType: string): Promise<Answer> {
        this.credentials ??= readCredentials(this.target);
        const { ca, cert, key, authorization } = await this.credentials;
        const { cluster } = this.target;
        const url = new URL(cluster.server.replace(/\/$/, "") + path);
        const options: https.RequestOptions = {
            method,
            agent: this.agent,
            timeout: 30_000,
            headers: {
                accept: "application/json",
                // The length must be said: without it Node sends the body of a DELETE as if it were the next request.
                ...(body === undefined
                    ? {}
                    : { "content-type": contentType, "content-length": Buffer.byteLength(body) }),
                ...(authorization ? { authorization } : {}),
            },
            ca,
            cert,
            key,
            rejectUnauthorized: !cluster["insecure-skip-tls-verify"],
            ...(cluster["tls-server-name"] ? { servername: cluster["tls-server-name"] } : {}),
        };
        return new Promise((resolve, reject) => {
            const fail = (error: Error) =>
                reject(
                    new Unreachable(
                        `the API server at ${url.origin} can't be reached: ${error.message || "no connection"}`,
                    ),
                );
            const request = (url.protocol === "http:" ? http : https).request(url, options, (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("error", fail);
                response.on("end", () =>
                    resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
                );
            });
            request.on("timeout", () => request.destroy(new Error("no answer for 30 s")));
            request.on("error", fail);
            request.end(body);
        });
    }
}
