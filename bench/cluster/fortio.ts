import { dirname } from "node:path";
import { builtBinary } from "../../lab/build/build";
import { Cluster, PodRef } from "../../lab/proof/cluster";

/** What a load came to. */
export interface Load {
    /** Answers a second. */
    rate: number;
    p50: number;
    p90: number;
    p99: number;
    /** Calls without an answer, or with another answer than 200. */
    failed: number;
    calls: number;
}

export interface LoadOptions {
    /** Calls a second; 0 for as many as there can be. */
    rate: number;
    connections: number;
    seconds: number;
    keepAlive: boolean;
    /** All connections call at the same moment. Default: spread evenly. */
    together?: boolean;
    /** Folder with tls.crt, tls.key and ca.crt, for TLS of the caller's own. */
    certificates?: string;
    /** Address to connect to instead of the host's own. */
    resolve?: string;
}

const FOLDER = "/fortio";

/** A pod that runs fortio out of the lab's cache, with a client certificate of its own at /client. */
export async function startFortio(
    cluster: Cluster,
    namespace: string,
    name: string,
    image: string,
    annotations?: Record<string, string>,
): Promise<PodRef> {
    const metadata = { name, namespace };
    await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, labels: { app: name }, annotations },
        spec: {
            terminationGracePeriodSeconds: 0,
            containers: [
                {
                    name: "fortio",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["sleep", "86400"],
                    volumeMounts: [
                        { name: "fortio", mountPath: FOLDER, readOnly: true },
                        { name: "client", mountPath: "/client", readOnly: true },
                        { name: "client-rsa", mountPath: "/client-rsa", readOnly: true },
                    ],
                },
            ],
            volumes: [
                { name: "fortio", hostPath: { path: dirname(builtBinary("fortio")) } },
                { name: "client", secret: { secretName: "client" } },
                { name: "client-rsa", secret: { secretName: "client-rsa" } },
            ],
        },
    });
    return cluster.readyPod(namespace, `app=${name}`, "fortio", 120);
}

interface FortioResult {
    ActualQPS: number;
    RetCodes: Record<string, number>;
    DurationHistogram: { Count: number; Percentiles: { Percentile: number; Value: number }[] };
}

export async function load(cluster: Cluster, pod: PodRef, url: string, options: LoadOptions): Promise<Load> {
    const { certificates: folder } = options;
    const command = [
        ...[`${FOLDER}/fortio`, "load", "-quiet", "-json", "-", "-r", "0.0001", "-p", "50,90,99", "-timeout", "5s"],
        ...["-qps", String(options.rate), "-c", String(options.connections), "-t", `${options.seconds}s`],
        ...["-allow-initial-errors", `-keepalive=${options.keepAlive}`, "-nocatchup", `-uniform=${!options.together}`],
        ...(options.resolve ? ["-resolve", options.resolve] : []),
        ...(folder ? ["-cert", `${folder}/tls.crt`, "-key", `${folder}/tls.key`, "-cacert", `${folder}/ca.crt`] : []),
        url,
    ];
    const { stdout, stderr } = await cluster.exec(pod, command);
    const start = stdout.indexOf("{");
    if (start < 0) {
        throw new Error(`fortio gave no result for ${url}: ${stderr.slice(-1000)}`);
    }
    const { ActualQPS, RetCodes, DurationHistogram } = JSON.parse(stdout.slice(start)) as FortioResult;
    const percentile = (wanted: number) =>
        1000 * (DurationHistogram.Percentiles.find((one) => one.Percentile === wanted)?.Value ?? NaN);
    const calls = DurationHistogram.Count;
    return {
        rate: ActualQPS,
        p50: percentile(50),
        p90: percentile(90),
        p99: percentile(99),
        calls,
        failed: calls - (RetCodes["200"] ?? 0),
    };
}
