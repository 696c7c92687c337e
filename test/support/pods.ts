import { curlPodSpec } from "../../plan/shared/hardenedPod";
import { Cluster, PodRef } from "../../lab/proof/cluster";

export interface CallerOptions {
    serviceAccount?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
}

/** A pod that can only run curl, once it is ready. */
export async function startCaller(
    cluster: Cluster,
    namespace: string,
    name: string,
    image: string,
    { serviceAccount = "default", labels = {}, annotations }: CallerOptions = {},
): Promise<PodRef> {
    if (serviceAccount !== "default") {
        await cluster.apply({
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata: { name: serviceAccount, namespace },
        });
    }
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, namespace, labels: { ...labels, caller: name }, annotations },
        spec: {
            ...curlPodSpec({ name: "curl", image, command: ["sleep", "86400"], serviceAccountName: serviceAccount }),
            terminationGracePeriodSeconds: 0,
        },
    });
    return cluster.readyPod(namespace, `caller=${name}`, "curl", 120);
}
