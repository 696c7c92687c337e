import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { EgressEnvironment } from "../components";
import { assertValid } from "../components/internal/validation";
import { Violation } from "../plan/shared/violation";
import { ENVIRONMENT, deployAks } from "./aks";
import { StackConfig } from "./config";
import { keyVaultCertificate } from "./keyVault";

export interface Deployed {
    /** The provider of everything in the cluster. */
    kubernetes: Provider;
    egress: EgressEnvironment;
    /** On Azure: the public addresses that partners see. */
    egressPrefix?: pulumi.Output<string>;
    /** On Azure, with a partner: the name servers that the parent of its zone must name. */
    nameServers?: pulumi.Output<string[]>;
}

/** The one program of every environment; what differs is configuration. */
export function deployEnvironment({ cluster, azure, ...given }: StackConfig): Deployed {
    const routes = given.routes.map(({ keyVault, ...route }, index) => ({
        ...route,
        ...(keyVault && keyVaultCertificate(`routes[${index}].keyVault`, keyVault)),
    }));
    const environment = { ...given, routes };
    if (azure) {
        assertValid("The environment", pulumi.getStack(), Object.keys(cluster).length > 0 ? [twoClusters] : []);
        const { kubernetes, network, zone, inCluster, ...parts } = deployAks(azure, environment);
        const egress = new EgressEnvironment(ENVIRONMENT, parts.environment, inCluster);
        parts.addPartner(egress.clientCa);
        return { kubernetes, egress, egressPrefix: network.egressPrefix, nameServers: zone?.nameServers };
    }
    const kubernetes = new Provider("cluster", {
        kubeconfig: cluster.kubeconfig,
        context: cluster.context,
        // A rotated credential is an update of its secret, not a moment without it; the same of what servers trust.
        enableSecretMutable: true,
        enableConfigMapMutable: true,
    });
    const egress = new EgressEnvironment(ENVIRONMENT, environment, { providers: [kubernetes] });
    return { kubernetes, egress };
}

const twoClusters: Violation = {
    path: "cluster",
    problem: "names a cluster, and azure makes one",
    expected: "one of the two",
    fix: "Remove cluster, or azure",
};
