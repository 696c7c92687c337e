import { GatewayLocation, gatewaySelector } from "../mesh/gateway";
import { KubernetesObject, istioObject } from "../shared/kubernetesObject";
import { AUDIT_PROVIDER } from "./auditLog";
import { MESH_LOG_PROVIDER } from "./sidecarLogs";
import { gatewayTracing } from "./tracing";

/** What a gateway is told by its mesh. */
export interface MeshTelemetry {
    /** Whether the mesh knows the audit log. */
    auditLog: boolean;
    /** Share of calls to trace, in percent; 0 for none. */
    tracingPercent: number;
    /** Version of Istio or revision of the add-on; empty where it is not known. */
    istioVersion: string;
}

/**
 * The one Telemetry of a gateway, of which Istio takes one a workload: it logs every call, whatever the mesh's own Telemetry says about
 * sidecars. Where Istio does not know the provider, it falls back to the mesh's access log.
 */
export function gatewayTelemetry(
    gateway: GatewayLocation,
    { auditLog, tracingPercent, istioVersion }: MeshTelemetry,
): KubernetesObject {
    const tracing = gatewayTracing(tracingPercent, istioVersion);
    return istioObject(
        "Telemetry",
        // As with the gateway's other objects: no name that is made of a host has a dot.
        { name: `${gateway.name}.telemetry`, namespace: gateway.namespace },
        {
            selector: { matchLabels: gatewaySelector(gateway) },
            accessLogging: [{ providers: [{ name: auditLog ? AUDIT_PROVIDER : MESH_LOG_PROVIDER }] }],
            ...(tracing && { tracing }),
        },
    );
}
