import { KubernetesObject, istioObject } from "../../shared/kubernetesObject";
import { GUARD_NAME, guardMetadata } from "./guard";
import { inClusterHosts } from "./inCluster";
import { LockdownContext } from "./lockdown";
import { InClusterDestination } from "./options";

/**
 * Services in the configuration of a locked namespace's sidecars: its own, the mesh's, those that the gateway exports
 * to it, and those in `alsoReaches`.
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
