import { KubernetesObject, ObjectMeta } from "./kubernetesObject";

/** The cluster role by which OpenShift lets pods run as a fixed user other than root, with nothing else allowed. */
export const NON_ROOT_SCC = "system:openshift:scc:nonroot-v2";

/** An OpenShift Route that brings a host's TLS to a service untouched: the server itself must see the client's certificate. */
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
