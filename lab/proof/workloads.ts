import { curlPodSpec } from "../../plan/shared/hardenedPod";
import { Cluster, PodRef } from "./cluster";
import { CALLERS } from "./program";

/** Namespace of a workload outside the mesh. */
const OUTSIDE = "outside";

/** An application in the mesh and one outside of it; both can only run curl. */
export interface Workloads {
    caller: PodRef;
    outsider: PodRef;
}

export async function startWorkloads(cluster: Cluster, image: string): Promise<Workloads> {
    await cluster.apply(namespace(OUTSIDE));
    const [caller, outsider] = await Promise.all([
        startCaller(cluster, CALLERS, image),
        startCaller(cluster, OUTSIDE, image),
    ]);
    return { caller, outsider };
}

export async function stopWorkloads(cluster: Cluster): Promise<void> {
    await Promise.all([cluster.remove(pod(CALLERS, "")), cluster.remove(namespace(OUTSIDE))]);
}

/** The gateway's pod, once it is ready. */
export function findGateway(cluster: Cluster): Promise<PodRef> {
    return cluster.readyPod("istio-egress", "istio=egress-gateway", "istio-proxy");
}

/** A pod that can only run curl, once it is ready; in the mesh where its namespace is. */
export async function startCaller(cluster: Cluster, namespace: string, image: string): Promise<PodRef> {
    await cluster.apply(pod(namespace, image));
    return cluster.readyPod(namespace, "app=caller", "curl", 120);
}

function namespace(name: string) {
    return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function pod(namespace: string, image: string) {
    return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "caller", namespace, labels: { app: "caller" } },
        spec: {
            ...curlPodSpec({ name: "curl", image, command: ["sleep", "86400"] }),
            terminationGracePeriodSeconds: 0,
        },
    };
}
