import { KubernetesObject, ObjectMeta } from "./kubernetesObject";

/** OpenShift's cluster role that lets pods run as a fixed non-root user, without other rights. */
export const NON_ROOT_SCC = "system:openshift:scc:nonroot-v2";

/**
 * An OpenShift Route that passes a host's TLS through to a service: the server itself must see the client certificate.
 */
export function passthroughRoute(metadata: ObjectMeta, host: string, service: string, port: string): KubernetesObject {
    return {
        apiVersion: "route.openshift.io/v1",
        kind: "Route",
        metadata,
        spec: {
            host,
            to: { kind: "Service", name: service, weight: 100 },
            port: { targetPort: port },
            tls: { termination: "passthrough", insecureEdgeTerminationPolicy: "None" },
            wildcardPolicy: "None",
        },
    };
}
