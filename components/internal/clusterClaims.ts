import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";

/**
 * What the components of this program claim for themselves, by cluster. Two components that are made apart see each
 * other only here; what another stack has collides at the API server, by its objects' names.
 */
export class ClusterClaims<T> {
    private readonly claims = new WeakMap<object, T>();

    constructor(private readonly none: () => T) {}

    /** The claims in the cluster of a component; where there is no telling which, none. */
    of(opts?: pulumi.ComponentResourceOptions): T {
        const cluster = clusterOf(opts);
        const known = (cluster && this.claims.get(cluster)) ?? this.none();
        if (cluster) {
            this.claims.set(cluster, known);
        }
        return known;
    }
}

/** What stands for the cluster: the component's Kubernetes provider, or the stack where it is the default one. */
function clusterOf(opts?: pulumi.ComponentResourceOptions): object | undefined {
    const given = [opts?.provider, ...Object.values(opts?.providers ?? {})].find((provider) =>
        Provider.isInstance(provider),
    );
    return (
        given ??
        opts?.parent?.getProvider("kubernetes:core/v1:Secret") ??
        pulumi.runtime.getStackResource() ??
        deploymentOfPlugin()
    );
}

/**
 * What stands for the cluster of the default provider where these components are a plugin, for programs in YAML or Python:
 * it has no stack resource, and lives through the preview and the update of one `pulumi up`.
 */
function deploymentOfPlugin(): object | undefined {
    // Each deployment has a monitor of its own; the client of it, a gRPC client outside of tests, is another in each call.
    const monitor = pulumi.runtime.getMonitor() as { getChannel?: () => { getTarget(): string } } | undefined;
    if (monitor?.getChannel === undefined) {
        return undefined;
    }
    const key = `${monitor.getChannel().getTarget()} ${pulumi.runtime.isDryRun()}`;
    const known = deployments.get(key) ?? {};
    deployments.set(key, known);
    return known;
}

const deployments = new Map<string, object>();
