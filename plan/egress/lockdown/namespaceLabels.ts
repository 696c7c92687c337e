import { GUARD_LABEL } from "./guard";

/** Label by which a lockdown's policies hold in a namespace whatever list names it. */
export function lockedByLabel(lockdown: string): Record<string, string> {
    return { [`${GUARD_LABEL}-by`]: lockdown };
}

/**
 * Labels of a locked namespace: a sidecar in every pod, and Pod Security. Without Istio's CNI plugin every pod has an
 * init container that sets up the redirection with NET_ADMIN, which Pod Security cannot tell from the application's own
 * containers; then it only warns, and the admission policy, which can, refuses.
 */
export function namespaceLabels(lockdown: string, revision: string, istioCni: boolean): Record<string, string> {
    const level = "restricted";
    return {
        ...lockedByLabel(lockdown),
        ...(revision === "" ? { "istio-injection": "enabled" } : { "istio.io/rev": revision }),
        "pod-security.kubernetes.io/enforce": istioCni ? level : "privileged",
        "pod-security.kubernetes.io/audit": level,
        "pod-security.kubernetes.io/warn": level,
    };
}
