import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { AksEgressEnvironment, EgressEnvironment } from "../components";
import { assertValid } from "../components/internal/validation";
import { Violation } from "../plan/shared/violation";
import { StackConfig } from "./config";
import { formerNames } from "./formerNames";
import { keyVaultCertificate } from "./keyVault";

/** Name of the environment's component. */
export const ENVIRONMENT = "egress";

export interface Deployed {
    egress: EgressEnvironment | AksEgressEnvironment;
    /** Providers of what is in a cluster that existed before; none on Azure, where the environment makes its own. */
    providers: pulumi.ProviderResource[];
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
    if (azure) {
        assertValid("The environment", pulumi.getStack(), Object.keys(cluster).length > 0 ? [twoClusters] : []);
        const egress = new AksEgressEnvironment(
            ENVIRONMENT,
            { ...given, routes, azure },
            { transformations: [formerNames(ENVIRONMENT)] },
        );
        return { egress, providers: [], egressPrefix: egress.egressPrefix, nameServers: egress.nameServers };
    }
    const kubernetes = new Provider(
        "cluster",
        {
            kubeconfig: cluster.kubeconfig,
            context: cluster.context,
            // Else the URL of the API server is the cluster's identity, and another spelling of it would replace everything.
            clusterIdentifier: cluster.identifier ?? pulumi.getStack(),
            // A rotated credential is an update of its secret, not a moment without it; the same of what servers trust.
            enableSecretMutable: true,
            enableConfigMapMutable: true,
        },
        // A stack that was made without one keeps none: to be given one would mean another cluster.
        { ignoreChanges: cluster.identifier === undefined ? ["clusterIdentifier"] : [] },
    );
    const providers = [kubernetes];
    return { egress: new EgressEnvironment(ENVIRONMENT, { ...given, routes }, { providers }), providers };
}

const twoClusters: Violation = {
    path: "cluster",
    problem: "names a cluster, and azure makes one",
    expected: "one of the two",
    fix: "Remove cluster, or azure",
};
