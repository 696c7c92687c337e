import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../lab/proof/cluster";

/** A sample of an instant query's answer. */
export interface Sample {
    metric: Record<string, string>;
    value: [time: number, value: string];
}

/** A series of a range query's answer. */
export interface Series {
    metric: Record<string, string>;
    values: [time: number, value: string][];
}

export interface Prometheus {
    /** Evaluates a query now. */
    query(expression: string): Promise<Sample[]>;
    /** Evaluates a query for the last seconds, once a step. */
    queryRange(expression: string, seconds: number, step: number): Promise<Series[]>;
    stop(): Promise<void>;
}

/** What Prometheus is told to read: a text that is made anew for each reading. */
export interface MetricsSource {
    read: () => Promise<string>;
    labels: Record<string, string>;
    metricRelabelings: object[];
    /** Seconds between two readings, and the limit of one. Default: 1. */
    intervalSeconds?: number;
}

/**
 * The Prometheus of this path. The text comes to it through a server on loopback, so that it does not matter how the cluster's
 * pods can be reached.
 */
export async function runPrometheus(
    path: string,
    { read, labels, metricRelabelings, intervalSeconds = 1 }: MetricsSource,
): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), "mesh-egress-prometheus-"));
    const relay = createServer((_, response) => {
        read().then(
            (text) => response.setHeader("content-type", "text/plain; version=0.0.4").end(text),
            () => response.writeHead(503).end(),
        );
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    const address = await freeAddress();
    const config = {
        global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${intervalSeconds}s` },
        scrape_configs: [
            {
                job_name: "gateway",
                static_configs: [{ targets: [`127.0.0.1:${(relay.address() as AddressInfo).port}`], labels }],
                metric_relabel_configs: metricRelabelings,
            },
        ],
    };
    // JSON is YAML too.
    await writeFile(join(folder, "prometheus.yml"), JSON.stringify(config));
    const args = [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${address}`,
        "--log.level=error",
    ];
    const server = spawn(path, args, { stdio: "ignore" });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    const stop = async () => {
        server.kill();
        await ended;
        relay.closeAllConnections();
        relay.close();
        await rm(folder, { recursive: true });
    };
    try {
        await waitFor("Prometheus", 30, async () => (await fetch(`http://${address}/-/ready`)).ok);
    } catch (error) {
        await stop();
        throw error;
    }
    const ask = async <T>(path: string, parameters: Record<string, string>) => {
        const answer = await fetch(`http://${address}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
        const { status, error, data } = (await answer.json()) as {
            status: string;
            error?: string;
            data?: { result: T[] };
        };
        if (status !== "success") {
            throw new Error(`${parameters.query}: ${error}`);
        }
        return data?.result ?? [];
    };
    const query = (expression: string) => ask<Sample>("query", { query: expression });
    const queryRange = (expression: string, seconds: number, step: number) => {
        const end = Math.floor(Date.now() / 1000);
        const range = { start: String(end - seconds), end: String(end), step: String(step) };
        return ask<Series>("query_range", { query: expression, ...range });
    };
    return { query, queryRange, stop };
}

function freeAddress(): Promise<string> {
    return new Promise((resolve) => {
        const server = createServer();
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address() as AddressInfo;
            server.close(() => resolve(`127.0.0.1:${port}`));
        });
    });
}
