import { Cluster, PodRef } from "../../lab/proof/cluster";

/** No host's own address: the caller's sidecar takes every call to port 80, and leads it by its Host header. */
const ANY_ADDRESS = "::192.0.2.1:80";

/** Calls all URLs of curl's pattern, such as `http://a[1-9].example/`, and counts the answers by their status. */
export async function callMany(cluster: Cluster, caller: PodRef, pattern: string): Promise<Record<string, number>> {
    const { stdout } = await cluster.exec(caller, [
        ...["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\\n", "--connect-to", ANY_ADDRESS],
        ...["--max-time", "20", "--parallel", "--parallel-max", "10", pattern],
    ]);
    const counts: Record<string, number> = {};
    for (const status of stdout.trim().split("\n")) {
        counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
}
