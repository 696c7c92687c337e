import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { sharedHost } from "../../plan/host";
import { Refusal } from "../../plan/refusal";

/**
 * Which route of this program has which host, by cluster. Two routes that are made apart see each other only here; a
 * host that another stack has collides at the API server, by its objects' names.
 */
const claims = new WeakMap<object, Map<string, string>>();

/** Claims `hosts` for the route, or refuses those that another route of the same cluster has. */
export function claimHosts(route: string, hosts: string[], opts?: pulumi.ComponentResourceOptions): Refusal[] {
    const cluster = clusterOf(opts);
    if (cluster === undefined) {
        return [];
    }
    const owners = claims.get(cluster) ?? new Map<string, string>();
    claims.set(cluster, owners);
    const refusals = hosts.flatMap((host, index) => {
        const owner = owners.get(host);
        return owner === undefined ? [] : [sharedHost(`hosts[${index}]`, host, `EgressRoute ${JSON.stringify(owner)}`)];
    });
    if (refusals.length === 0) {
        hosts.forEach((host) => owners.set(host, route));
    }
    return refusals;
}

/** What stands for the cluster: the Kubernetes provider of the route, or the stack where it is the default one. */
function clusterOf(opts?: pulumi.ComponentResourceOptions): object | undefined {
    const given = [opts?.provider, ...Object.values(opts?.providers ?? {})].find((provider) =>
        Provider.isInstance(provider),
    );
    return given ?? opts?.parent?.getProvider("kubernetes:core/v1:Secret") ?? pulumi.runtime.getStackResource();
}
