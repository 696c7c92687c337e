import { CREDENTIAL, GATEWAY } from "./places";

/** An object in the gateway's namespace. */
export interface GatewayObject {
    apiVersion: string;
    kind: string;
    name: string;
}

/** Each kind of object that a gateway and its routes have, and one of it; of rules, each that calls depend on. */
export const GATEWAY_OBJECTS: GatewayObject[] = [
    { apiVersion: "networking.istio.io/v1", kind: "Gateway", name: GATEWAY.name },
    { apiVersion: "networking.istio.io/v1", kind: "VirtualService", name: "api-chaos-example" },
    { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", name: "api-chaos-example" },
    { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", name: `${GATEWAY.name}.service` },
    { apiVersion: "networking.istio.io/v1", kind: "DestinationRule", name: `${GATEWAY.name}.tls-by-default` },
    { apiVersion: "networking.istio.io/v1", kind: "ServiceEntry", name: "api-chaos-example" },
    { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name: `${GATEWAY.name}.deny-by-default` },
    { apiVersion: "v1", kind: "Secret", name: CREDENTIAL },
];

/** For a sentence. */
export const nameOf = ({ kind, name }: GatewayObject) => `${kind} ${name}`;

/** By which the API server finds it. */
export function reference({ apiVersion, kind, name }: GatewayObject) {
    return { apiVersion, kind, metadata: { name, namespace: GATEWAY.namespace } };
}
