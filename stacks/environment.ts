import { Provider } from "@pulumi/kubernetes/provider";
import { EgressEnvironment } from "../components";
import { StackConfig } from "./config";

/** The one program of every environment; what differs is configuration. */
export function deployEnvironment({ cluster, ...environment }: StackConfig) {
    const kubernetes = new Provider("cluster", {
        kubeconfig: cluster.kubeconfig,
        context: cluster.context,
        // A rotated credential is an update of its secret, not a moment without it; the same of what servers trust.
        enableSecretMutable: true,
        enableConfigMapMutable: true,
    });
    const egress = new EgressEnvironment("egress", environment, { providers: [kubernetes] });
    return { kubernetes, egress };
}
