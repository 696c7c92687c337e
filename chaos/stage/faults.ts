import { AppsV1Api, PatchStrategy, V1Deployment } from "@kubernetes/client-node";
import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";

/*
 * What is done to pods and deployments, and how to tell that they have recovered.
 */

export interface DeploymentRef {
    name: string;
    namespace: string;
}

export const ISTIOD: DeploymentRef = { name: "istiod", namespace: "istio-system" };

/** Waits until all pods of a deployment are of its newest template, ready, and the only ones. */
export async function rolledOut(cluster: Cluster, { name, namespace }: DeploymentRef, seconds = 180): Promise<void> {
    await waitFor(`${namespace}/${name} to be rolled out`, seconds, async () => {
        const deployment = await cluster.api(AppsV1Api).readNamespacedDeployment({ name, namespace });
        const { items } = await cluster.core.listNamespacedPod({ namespace });
        const owned = items.filter((pod) => pod.metadata?.name?.startsWith(`${name}-`));
        return isRolledOut(deployment) && owned.length === deployment.spec?.replicas;
    });
}

/** Scales a deployment, and waits until it has so many pods. */
export async function scaledTo(cluster: Cluster, deployment: DeploymentRef, replicas: number): Promise<void> {
    await cluster.api(AppsV1Api).patchNamespacedDeploymentScale({
        ...deployment,
        body: [{ op: "replace", path: "/spec/replicas", value: replicas }],
    });
    await rolledOut(cluster, deployment);
}

function isRolledOut({ metadata, spec, status }: V1Deployment): boolean {
    const { observedGeneration = 0, replicas, updatedReplicas, readyReplicas } = status ?? {};
    return (
        observedGeneration >= (metadata?.generation ?? 0) &&
        [replicas, updatedReplicas, readyReplicas].every((count = 0) => count === spec?.replicas)
    );
}

/** As `kubectl rollout restart` does. */
export async function restart({ objects }: Cluster, { name, namespace }: DeploymentRef): Promise<void> {
    const annotations = { "chaos.example/restarted": new Date().toISOString() };
    const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: { template: { metadata: { annotations } } },
    };
    // Not applied: whoever applies a part of an object gives up the rest of what they have applied.
    await objects.patch(deployment, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

/** Evicts pods as `kubectl drain` does: all of them, each as soon as a disruption budget lets it go. */
export async function evict(cluster: Cluster, namespace: string, labelSelector: string): Promise<void> {
    const pods = await cluster.pods(namespace, labelSelector);
    await Promise.all(
        pods.map(async ({ metadata }) => {
            const pod = { name: metadata?.name ?? "", namespace };
            await waitFor(`${namespace}/${pod.name} to be evicted`, 180, async () => {
                await cluster.core.createNamespacedPodEviction({ ...pod, body: { metadata: pod } });
                return true;
            });
        }),
    );
}

/** Kills a pod's Envoy with signal 9; its container is started again. */
export async function killEnvoy(cluster: Cluster, pod: PodRef): Promise<void> {
    const script = 'for one in /proc/[0-9]*; do [ "$(cat $one/comm)" = envoy ] && kill -9 ${one#/proc/}; done; true';
    await cluster.exec(pod, ["sh", "-c", script]);
}

/** How often the containers of a deployment's pods have been started again, in all. */
export async function restarts(cluster: Cluster, { name, namespace }: DeploymentRef): Promise<number> {
    const pods = await cluster.pods(namespace, `app=${name}`);
    return pods
        .flatMap(({ status }) => status?.containerStatuses ?? [])
        .reduce((sum, { restartCount }) => sum + restartCount, 0);
}
