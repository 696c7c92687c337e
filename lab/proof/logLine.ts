import { Cluster, PodRef, waitFor } from "./cluster";

/** The line about a call in a container's log, by the call's mark. */
export async function logLine(cluster: Cluster, pod: PodRef, mark: string): Promise<string> {
    return waitFor(`a line about the call in the log of ${pod.namespace}/${pod.name}`, 15, async () =>
        (await cluster.logs(pod)).split("\n").find((line) => line.includes(mark)),
    );
}
