import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { EgressEnvironment } from "../components";
import { StackConfig } from "./config";

/** The one program of every environment; what differs is configuration. */
export function deployEnvironment({ cluster, ...environment }: StackConfig): Record<string, pulumi.Output<unknown>> {
    const kubernetes = new Provider("cluster", {
        kubeconfig: cluster.kubeconfig,
        context: cluster.context,
        // A rotated credential is an update of its secret, not a moment without it.
        enableSecretMutable: true,
    });
    const { gatewayName, gatewayNamespace, clientCa, hosts } = new EgressEnvironment("egress", environment, {
        providers: [kubernetes],
    });
    return { gatewayName, gatewayNamespace, clientCa, hosts };
}
