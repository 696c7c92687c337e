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
    /** Providers for an existing cluster. Undefined on Azure, where the environment creates its own. */
    providers: pulumi.ProviderResource[];
    /** On Azure: the public addresses that partners see. */
    egressPrefix?: pulumi.Output<string>;
    /** On Azure, with a partner: the name servers to which the parent zone must delegate its zone. */
    nameServers?: pulumi.Output<string[]>;
}

/** The program of every environment. Environments differ only in their configuration. */
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
            // Without it, the URL of the API server identifies the cluster, and another spelling of the URL would
            // replace everything.
            clusterIdentifier: cluster.identifier ?? pulumi.getStack(),
            // A rotated credential or trusted CA updates its object in place, so that it never disappears.
            enableSecretMutable: true,
            enableConfigMapMutable: true,
        },
        // A stack that was created without an identifier keeps none: setting one would mean another cluster.
        { ignoreChanges: cluster.identifier === undefined ? ["clusterIdentifier"] : [] },
    );
    const providers = [kubernetes];
    return { egress: new EgressEnvironment(ENVIRONMENT, { ...given, routes }, { providers }), providers };
}

const twoClusters: Violation = {
    path: "cluster",
    problem: "names an existing cluster, but azure creates one",
    expected: "either cluster or azure",
    fix: "Remove cluster, or azure",
};
