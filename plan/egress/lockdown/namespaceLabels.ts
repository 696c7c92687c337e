/**
 * Labels of a locked namespace: a sidecar in every pod, and Pod Security. Without Istio's CNI plugin every pod has an
 * init container that sets up the redirection with NET_ADMIN, which Pod Security cannot tell from the application's own
 * containers; then it only warns, and the admission policy, which can, refuses.
 */
export function namespaceLabels(revision: string, istioCni: boolean): Record<string, string> {
    const level = "restricted";
    return {
        ...(revision === "" ? { "istio-injection": "enabled" } : { "istio.io/rev": revision }),
        "pod-security.kubernetes.io/enforce": istioCni ? level : "privileged",
        "pod-security.kubernetes.io/audit": level,
        "pod-security.kubernetes.io/warn": level,
    };
}
