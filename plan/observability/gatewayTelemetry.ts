import { GatewayLocation, gatewaySelector } from "../mesh/gateway";
import { KubernetesObject, istioObject } from "../shared/kubernetesObject";
import { AUDIT_PROVIDER } from "./auditLog";
import { MESH_LOG_PROVIDER } from "./sidecarLogs";
import { gatewayTracing } from "./tracing";

/** Telemetry properties of a gateway's mesh. */
export interface MeshTelemetry {
    /** Whether the mesh has the audit log's provider. */
    auditLog: boolean;
    /** Percentage of calls to trace. 0 for none. */
    tracingPercent: number;
    /** Version of Istio or revision of the add-on. Empty if it is not known. */
    istioVersion: string;
}

/**
 * The Telemetry of a gateway; Istio uses only one per workload. It logs every call, independent of the mesh's Telemetry
 * for sidecars. If Istio does not know the provider, it falls back to the mesh's access log.
 */
export function gatewayTelemetry(
    gateway: GatewayLocation,
    { auditLog, tracingPercent, istioVersion }: MeshTelemetry,
): KubernetesObject {
    const tracing = gatewayTracing(tracingPercent, istioVersion);
    return istioObject(
        "Telemetry",
        // As for the gateway's other objects: names that are derived from a host contain no dot.
        { name: `${gateway.name}.telemetry`, namespace: gateway.namespace },
        {
            selector: { matchLabels: gatewaySelector(gateway) },
            accessLogging: [{ providers: [{ name: auditLog ? AUDIT_PROVIDER : MESH_LOG_PROVIDER }] }],
            ...(tracing && { tracing }),
        },
    );
}
