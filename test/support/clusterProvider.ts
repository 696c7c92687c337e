import { Provider } from "@pulumi/kubernetes/provider";
import { LocalCluster } from "../../lab/local/cluster";

/** The Kubernetes provider of a program for the local cluster, which changes secrets in place. */
export function clusterProvider({ settings }: LocalCluster): Provider {
    return new Provider("cluster", { ...settings.cluster, enableSecretMutable: true });
}
