import { KubernetesObject, istioObject } from "../../shared/kubernetesObject";
import { GUARD_NAME, guardMetadata } from "./guard";
import { inClusterHosts } from "./inCluster";
import { LockdownContext } from "./lockdown";
import { InClusterDestination } from "./options";

/**
 * What the sidecars of a locked namespace hold: their own services, the mesh's, what the gateway exports to them, and the
 * services that they may call without it.
 */
export function sidecarScope(
    namespace: string,
    { gateway, meshNamespace }: LockdownContext,
    alsoReaches: InClusterDestination[] = [],
): KubernetesObject {
    const others = alsoReaches.filter((one) => one.namespace !== namespace);
    return istioObject("Sidecar", guardMetadata(GUARD_NAME, namespace), {
        egress: [{ hosts: ["./*", `${meshNamespace}/*`, `${gateway.namespace}/*`, ...inClusterHosts(others)] }],
        outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    });
}
