import { RawObject } from "../rawObject";

/** The group of an object's API, without the version; empty for Kubernetes' own core. */
export function groupOf({ apiVersion }: RawObject): string {
    return apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
}

export const ISTIO_NETWORKING = "networking.istio.io";
export const ISTIO_SECURITY = "security.istio.io";
export const GATEWAY_API = "gateway.networking.k8s.io";

export function isGatewayApi(object: RawObject): boolean {
    const group = groupOf(object);
    return group === GATEWAY_API || group === "gateway.networking.x-k8s.io";
}
