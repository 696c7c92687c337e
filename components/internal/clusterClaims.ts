import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";

/**
 * Names that the components of this program claim, by cluster. Components that are created independently see each other
 * only here. Claims of another stack collide at the API server, by object name.
 */
export class ClusterClaims<T> {
    private readonly claims = new WeakMap<object, T>();

    constructor(private readonly none: () => T) {}

    /** Claims in a component's cluster. Undefined if the cluster cannot be identified. */
    of(opts?: pulumi.ComponentResourceOptions): T {
        const cluster = clusterOf(opts);
        const known = (cluster && this.claims.get(cluster)) ?? this.none();
        if (cluster) {
            this.claims.set(cluster, known);
        }
        return known;
    }
}

/** Identifies the cluster: by the component's Kubernetes provider, or by the stack for the default provider. */
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
 * Identifies the cluster of the default provider if the components run as a plugin, for programs in YAML or Python. A
 * plugin has no stack resource, and one process serves the preview and the update of a `pulumi up`.
 */
function deploymentOfPlugin(): object | undefined {
    // Each deployment has its own monitor. Its client, a gRPC client outside tests, is a different object in each call.
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
