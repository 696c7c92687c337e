/** Namespace of objects that name none. */
export const DEFAULT_NAMESPACE = "default";

/** A Kubernetes object in the API server's form. `plan/` builds it, and the components create it. */
export interface KubernetesObject {
    apiVersion: string;
    kind: string;
    metadata: ObjectMeta;
    spec: Record<string, unknown>;
}

export interface ObjectMeta {
    name: string;
    namespace: string;
    labels?: Record<string, string>;
}

/** Istio's kinds that the package creates, in Istio's storage versions. */
export const ISTIO_API_VERSIONS = {
    AuthorizationPolicy: "security.istio.io/v1",
    DestinationRule: "networking.istio.io/v1",
    EnvoyFilter: "networking.istio.io/v1alpha3",
    Gateway: "networking.istio.io/v1",
    ServiceEntry: "networking.istio.io/v1",
    Sidecar: "networking.istio.io/v1",
    Telemetry: "telemetry.istio.io/v1",
    VirtualService: "networking.istio.io/v1",
} as const;

export type IstioKind = keyof typeof ISTIO_API_VERSIONS;

/** An Istio object without its kind, which is known before the rest. */
export type IstioBody = Pick<KubernetesObject, "metadata" | "spec">;

export function istioObject(kind: IstioKind, metadata: ObjectMeta, spec: Record<string, unknown>): KubernetesObject {
    return { apiVersion: ISTIO_API_VERSIONS[kind], kind, metadata, spec };
}
