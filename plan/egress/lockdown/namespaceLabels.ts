import { GUARD_LABEL } from "./guard";

/** Label that selects the namespaces in which a lockdown's policies apply. */
export function lockedByLabel(lockdown: string): Record<string, string> {
    return { [`${GUARD_LABEL}-by`]: lockdown };
}

/**
 * Labels of a locked namespace: a sidecar in every pod, and Pod Security. Without Istio's CNI plugin, every pod has an
 * init container that sets up the redirection with NET_ADMIN. Pod Security cannot tell it from the application's own
 * containers and therefore only warns. The lockdown's admission policy can, and refuses.
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
