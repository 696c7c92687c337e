import { readFileSync } from "node:fs";

/**
 * The kubeconfig that a cluster user is given. There is no cluster behind a stand-in, and nothing listens where this one
 * points, unless MESH_EGRESS_AKS_KUBECONFIG names the kubeconfig of a cluster that shall take its place.
 */
export function userKubeconfig(cluster: string): string {
    const substitute = process.env["MESH_EGRESS_AKS_KUBECONFIG"];
    if (substitute) {
        return readFileSync(substitute, "utf8");
    }
    const user = `clusterUser_${cluster}`;
    // As Azure writes it for a cluster with Entra ID.
    const args = ["get-token", "--login", "devicecode", "--environment", "AzurePublicCloud"];
    args.push("--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630");
    args.push("--client-id", "80faf920-1908-4b52-b5ef-a8e7bedfc67a", "--tenant-id", "tenant");
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": cluster,
        clusters: [{ name: cluster, cluster: { server: "https://127.0.0.1:9" } }],
        users: [
            {
                name: user,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "kubelogin",
                        args,
                        env: null,
                        interactiveMode: "IfAvailable",
                    },
                },
            },
        ],
        contexts: [{ name: cluster, context: { cluster, user } }],
    });
}
