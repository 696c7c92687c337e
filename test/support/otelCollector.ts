import { dirname } from "node:path";
import { Cluster, PodRef } from "../../lab/proof/cluster";
import { machine } from "./machine";

const PORT = 4317;
const FOLDER = "/otelcol";

/** What a collector got: a log record or a span, with its attributes as text. */
export interface Told {
    kind: "log" | "span";
    /** The whole record as the collector prints it. */
    text: string;
    attributes: Record<string, string>;
}

export interface Collector {
    /** The service that proxies send to, and its port. */
    address: { service: string; port: number };
    told(): Promise<Told[]>;
}

/**
 * OpenTelemetry's own collector in a pod of the cluster, out of the lab's cache, or skips the tests of the suite that asks. It takes OTLP over gRPC
 * and prints what it gets.
 */
export async function startCollector(
    context: Mocha.Context,
    cluster: Cluster,
    namespace: string,
    image: string,
): Promise<Collector> {
    const { path } = await machine.tool(context, "otelcol");
    const metadata = { name: "otel-collector", namespace };
    await cluster.apply({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "istio-injection": "disabled" } },
    });
    await cluster.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "config.yaml": config() } });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { selector: { app: "otel-collector" }, ports: [{ name: "grpc-otlp", port: PORT }] },
    });
    await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, labels: { app: "otel-collector" } },
        spec: {
            terminationGracePeriodSeconds: 0,
            containers: [
                {
                    name: "otelcol",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: [`${FOLDER}/otelcol`, "--config=file:/config/config.yaml"],
                    readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
                    volumeMounts: [
                        { name: "otelcol", mountPath: FOLDER, readOnly: true },
                        { name: "config", mountPath: "/config", readOnly: true },
                    ],
                },
            ],
            volumes: [
                { name: "otelcol", hostPath: { path: dirname(path) } },
                { name: "config", configMap: { name: metadata.name } },
            ],
        },
    });
    const pod: PodRef = await cluster.readyPod(namespace, "app=otel-collector", "otelcol");
    return {
        address: { service: `${metadata.name}.${namespace}.svc.cluster.local`, port: PORT },
        told: async () => parse(await cluster.logs(pod)),
    };
}

function config(): string {
    const pipeline = { receivers: ["otlp"], exporters: ["debug"] };
    // JSON is YAML too.
    return JSON.stringify({
        receivers: { otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${PORT}` } } } },
        exporters: { debug: { verbosity: "detailed" } },
        service: { telemetry: { metrics: { level: "none" } }, pipelines: { logs: pipeline, traces: pipeline } },
    });
}

/** The records of the collector's own print, each beginning with a line such as `LogRecord #0` or `Span #3`. */
function parse(printed: string): Told[] {
    const [, ...parts] = printed.split(/^(?=LogRecord #\d+$|Span #\d+$)/m);
    return parts.map((text) => ({
        kind: text.startsWith("Span") ? "span" : "log",
        text,
        attributes: Object.fromEntries(
            [...text.matchAll(/^ +-> ([^:\n]+): [A-Z][a-z]+\((.*)\)$/gm)].map(([, key, value]) => [key, value]),
        ),
    }));
}
