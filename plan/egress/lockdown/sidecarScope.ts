import { KubernetesObject, istioObject } from "../../shared/kubernetesObject";
import { GUARD_NAME, guardMetadata } from "./guard";
import { LockdownContext } from "./lockdown";

/** What the sidecars of a locked namespace hold: their own services, the mesh's, and what the gateway exports to them. */
export function sidecarScope(namespace: string, { gateway, meshNamespace }: LockdownContext): KubernetesObject {
    return istioObject("Sidecar", guardMetadata(GUARD_NAME, namespace), {
        egress: [{ hosts: ["./*", `${meshNamespace}/*`, `${gateway.namespace}/*`] }],
        outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    });
}
