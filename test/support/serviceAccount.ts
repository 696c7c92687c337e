import type { ControlPlane } from "../../lab/controlPlane";

const ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";

/** A kubeconfig, as JSON, of a new service account in namespace `default`, which may do nothing yet. */
export async function serviceAccount({ api, kubeconfig }: ControlPlane, name: string): Promise<string> {
    await api.request("POST", ACCOUNTS, { metadata: { name } });
    const { status } = await api.request<{ status: { token: string } }>("POST", `${ACCOUNTS}/${name}/token`, {
        spec: { expirationSeconds: 3600 },
    });
    const known = JSON.parse(kubeconfig) as object;
    return JSON.stringify({ ...known, users: [{ name: "test", user: { token: status.token } }] });
}

/** Gives the service account a ClusterRole in the whole cluster. */
export async function bindClusterRole({ api }: ControlPlane, name: string, role: string): Promise<void> {
    await api.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
    });
}
