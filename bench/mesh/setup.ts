import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { BenchMesh } from "../cluster/benchMesh";
import { PARTNER, Partner, numberedHost } from "../cluster/partner";
import { istiodMetrics } from "../cluster/proxyUse";
import { egressRoute } from "../cluster/route";

/** Hosts of one partner, in one route. */
const GROUP = 10;

export interface MeshSetup {
    mesh: BenchMesh;
    cluster: Cluster;
    partner: Partner;
    caller: PodRef;
    bystander: PodRef;
}

export function numbers(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, index) => from + index);
}

export function routes(from: number, to: number, visibility: "callers" | "gateway"): KubernetesObject[] {
    const hosts = numbers(from, to).map(numberedHost);
    return numbers(0, Math.ceil(hosts.length / GROUP)).flatMap((group) =>
        egressRoute({
            hosts: hosts.slice(group * GROUP, (group + 1) * GROUP),
            port: PARTNER.fresh.port,
            visibility,
        }),
    );
}

/** One route for each wildcard: all hosts below a numbered one. */
export function wildcardRoutes(from: number, to: number): KubernetesObject[] {
    return numbers(from, to).flatMap((index) =>
        egressRoute({ hosts: [`*.${numberedHost(index)}`], port: 443, address: undefined }),
    );
}

/** The clusters of the numbered hosts, and of the wildcards below them. */
export const EXTERNAL = /[|](?:[*][.])?host-[0-9]+[.]partner[.]example$/;

export async function external(cluster: Cluster, proxy: PodRef): Promise<number> {
    // Every cluster has a line of its own with this statistic; a dump of the configuration is 14 MB.
    const page = await cluster.exec({ ...proxy, container: "istio-proxy" }, [
        ...["pilot-agent", "request", "GET", "clusters"],
    ]);
    const hosts = [
        ...page.stdout.matchAll(/[|](?:[*][.])?(host-[0-9]+)[.]partner[.]example::default_priority::max_connections/g),
    ];
    return new Set(hosts.map(([, host]) => host)).size;
}

/** Waits until istiod has sent nothing to its proxies for two seconds. */
export async function settled({ cluster, mesh }: MeshSetup): Promise<void> {
    let last = { pushes: -1, at: 0 };
    await waitFor("istiod to have told all proxies", 120, async () => {
        const pushes = (await istiodMetrics(cluster, await mesh.istiod()))("pilot_proxy_convergence_time_count");
        if (pushes !== last.pushes) {
            last = { pushes, at: Date.now() };
        }
        return Date.now() - last.at > 2000;
    });
}
