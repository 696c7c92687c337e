import { Cluster } from "./cluster";
import { ProofContext } from "./proofs";
import { findGateway, startWorkloads } from "./workloads";

/** Finds the environment's gateway and server, and starts the workloads that call. */
export async function openProofContext(cluster: Cluster, curlImage: string): Promise<ProofContext> {
    const [workloads, gateway, server] = await Promise.all([
        startWorkloads(cluster, curlImage),
        findGateway(cluster),
        cluster.readyPod("mesh-external", "app=egress-server", "nginx"),
    ]);
    return { cluster, ...workloads, gateway, server, serverAddress: "egress-server.mesh-external.svc.cluster.local" };
}
