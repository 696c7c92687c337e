import { validateHost } from "../shared/host";
import { Violation, under } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** An OpenTelemetry collector that accepts OTLP over gRPC. */
export interface CollectorOptions {
    /**
     * Host name of the collector in the mesh: a service of the cluster, or the host of a ServiceEntry.
     *
     * @example "otel-collector.monitoring.svc.cluster.local"
     */
    service: string;
    /** Its port for OTLP over gRPC. Default: 4317. */
    port?: number;
}

/** OpenTelemetry's registered port for OTLP over gRPC. */
const OTLP_PORT = 4317;

export function validateCollector(path: string, { service, port }: CollectorOptions): Violation[] {
    return under(path, [
        ...validateHost("service", service),
        ...(port === undefined
            ? []
            : validateWholeNumber("port", port, "is not a port number", { least: 1, most: 65_535 })),
    ]);
}

/** The collector in the form of MeshConfig's extension providers. */
export function collectorAddress({ service, port = OTLP_PORT }: CollectorOptions): { service: string; port: number } {
    return { service, port };
}
