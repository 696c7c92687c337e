import { Cluster, PodRef } from "../../lab/proof/cluster";

/**
 * Calls each of the hosts as often as it is listed, several calls at a time, and returns each host's statuses. The calls are
 * POST requests: sidecars do not repeat one that was sent, so a broken connection shows.
 */
export async function callsTogether(
    cluster: Cluster,
    from: PodRef,
    hosts: string[],
    atATime = 16,
): Promise<Map<string, Set<number>>> {
    const config = hosts.map((host) => `url = "http://${host}/"\noutput = "/dev/null"\n`).join("");
    // The length is given, because not every exec protocol can say that standard input has ended.
    const script = `head -c ${config.length} | curl -sS -d x --max-time 15 -Z --parallel-max ${atATime} -w '%{url} %{http_code}\\n' -K -`;
    const { stdout, stderr } = await cluster.exec(from, ["sh", "-c", script], config);
    const statuses = new Map<string, Set<number>>(hosts.map((host) => [host, new Set()]));
    const lines = stdout.trim().split("\n");
    if (lines.length !== hosts.length) {
        throw new Error(`${lines.length} answers to ${hosts.length} calls: ${stderr}`);
    }
    for (const line of lines) {
        const [, host, status] = /^http:\/\/([^/]+)\/ ([0-9]+)$/.exec(line) ?? [];
        statuses.get(host)?.add(Number(status));
    }
    return statuses;
}
