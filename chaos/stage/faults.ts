import { AppsV1Api, type V1Deployment } from "@kubernetes/client-node";
import { type Cluster, type PodRef, waitFor } from "../../lab/proof/cluster";
import { GATEWAY } from "./places";

/*
 * What is done to pods and deployments, and how to tell that they have recovered.
 */

export interface DeploymentRef {
    name: string;
    namespace: string;
}

/** Waits until all pods of a deployment are of its newest template, ready, and the only ones. */
export async function rolledOut(cluster: Cluster, { name, namespace }: DeploymentRef, seconds = 180): Promise<void> {
    await waitFor(`${namespace}/${name} to be rolled out`, seconds, async () => {
        const deployment = await cluster.api(AppsV1Api).readNamespacedDeployment({ name, namespace });
        const { items } = await cluster.core.listNamespacedPod({ namespace });
        const owned = items.filter((pod) => pod.metadata?.name?.startsWith(`${name}-`));
        return isRolledOut(deployment) && owned.length === deployment.spec?.replicas;
    });
}

function isRolledOut({ metadata, spec, status }: V1Deployment): boolean {
    const { observedGeneration = 0, replicas, updatedReplicas, readyReplicas } = status ?? {};
    return (
        observedGeneration >= (metadata?.generation ?? 0) &&
        [replicas, updatedReplicas, readyReplicas].every((count = 0) => count === spec?.replicas)
    );
}

/** As `kubectl rollout restart` does. */
export async function restart(cluster: Cluster, { name, namespace }: DeploymentRef): Promise<void> {
    const annotations = { "chaos.example/restarted": new Date().toISOString() };
    await cluster.apply({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: { template: { metadata: { annotations } } },
    });
}

/** Kills a pod's Envoy with signal 9; its container is started again. */
export async function killEnvoy(cluster: Cluster, pod: PodRef): Promise<void> {
    const script = 'for one in /proc/[0-9]*; do [ "$(cat $one/comm)" = envoy ] && kill -9 ${one#/proc/}; done; true';
    await cluster.exec(pod, ["sh", "-c", script]);
}

/** How often the containers of the gateway's pods have been started again, in all. */
export async function gatewayRestarts(cluster: Cluster): Promise<number> {
    const pods = await cluster.pods(GATEWAY.namespace, `istio=${GATEWAY.name}`);
    return pods
        .flatMap(({ status }) => status?.containerStatuses ?? [])
        .reduce((sum, { restartCount }) => sum + restartCount, 0);
}
