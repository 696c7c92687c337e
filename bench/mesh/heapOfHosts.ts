import { PodRef, waitFor } from "../../lab/proof/cluster";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { applyAll, removeAll } from "../cluster/benchMesh";
import { proxyUse } from "../cluster/proxyUse";
import { EXTERNAL, MeshSetup, external, routes, settled } from "./setup";

export const HEAP_HOSTS = 500;

interface Tls {
    mode: string;
    credentialName?: string;
    [field: string]: unknown;
}

/** What is left out, and the TLS settings without it. */
const WITHOUT: Record<string, (tls: Tls) => Tls> = {
    "without a client certificate": (tls) => ({ ...tls, mode: "SIMPLE" }),
    "in plaintext": () => ({ mode: "DISABLE" }),
};

/**
 * Bytes that hosts add to the gateway's heap where something of their TLS is left out: what is left is what Istio's
 * one cluster for each host costs in any layout.
 */
export async function heapOfHosts(setup: MeshSetup, tell: (line: string) => void): Promise<Record<string, number>> {
    const { cluster, mesh } = setup;
    const heap = async (gateway: PodRef) => (await proxyUse(cluster, gateway, EXTERNAL)).heap;
    const found: Record<string, number> = {};
    for (const [what, change] of Object.entries(WITHOUT)) {
        const gateway = await mesh.gateway();
        const empty = await heap(gateway);
        const objects = routes(0, HEAP_HOSTS, "callers").map((object) => withTls(object, change));
        await applyAll(cluster, objects);
        await waitFor(
            `${HEAP_HOSTS} hosts ${what}`,
            180,
            async () => (await external(cluster, gateway)) === HEAP_HOSTS,
        );
        await settled(setup);
        found[what] = (await heap(gateway)) - empty;
        tell(`${HEAP_HOSTS} hosts ${what}: ${found[what]} bytes of the gateway's heap`);
        await removeAll(cluster, objects);
        await mesh.restart();
    }
    return found;
}

function withTls(object: KubernetesObject, change: (tls: Tls) => Tls): KubernetesObject {
    if (object.kind !== "DestinationRule") {
        return object;
    }
    const changed = structuredClone(object);
    const { trafficPolicy } = changed.spec as { trafficPolicy: { portLevelSettings: { tls: Tls }[] } };
    trafficPolicy.portLevelSettings[0].tls = change(trafficPolicy.portLevelSettings[0].tls);
    return changed;
}
