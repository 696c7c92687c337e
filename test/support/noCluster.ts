/** A kubeconfig of a cluster that is not there: nothing listens on this port of this machine. */
export function noCluster(token = "none"): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "none",
        clusters: [{ name: "none", cluster: { server: "https://127.0.0.1:9" } }],
        users: [{ name: "none", user: { token } }],
        contexts: [{ name: "none", context: { cluster: "none", user: "none" } }],
    });
}
