import { ObjectMeta } from "../../shared/kubernetesObject";

/** Label of every namespaced object that the lockdown creates to guard a namespace. */
export const GUARD_LABEL = "mesh-egress/lockdown";

/** Name of the lockdown's own objects in a locked namespace. */
export const GUARD_NAME = "egress-lockdown";

/** Name of the objects that guard the gateway's pods. Names that are derived from a host never contain a dot. */
export function gatewayGuardName(gateway: { name: string }): string {
    return `${gateway.name}.lockdown`;
}

/** Metadata of an object that only administrators of the gateway may change. */
export function guardMetadata(name: string, namespace: string): ObjectMeta {
    return { name, namespace, labels: { [GUARD_LABEL]: "guard" } };
}
