import { waitFor } from "../../lab/proof/cluster";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { applyAll } from "../cluster/benchMesh";
import { ProxyUse, istiodMetrics, proxyUse } from "../cluster/proxyUse";
import { EXTERNAL, MeshSetup, external, settled } from "./setup";

const CONVERGENCE = "pilot_proxy_convergence_time_sum";

/** All that a number of hosts costs. */
export interface Cost {
    gateway: ProxyUse;
    caller: ProxyUse;
    bystander: ProxyUse;
    /** istiod's resident memory, in bytes. */
    istiod: number;
    /** Seconds that istiod needed for every push of the change, summed. */
    convergence: number;
    /** Seconds from the first object to proxies that have all hosts. */
    live: number;
}

/** Adds hosts up to each of the sizes, and says what each size costs. */
export async function grow(
    setup: MeshSetup,
    sizes: number[],
    objects: (from: number, to: number) => KubernetesObject[],
    tell: (line: string) => void,
): Promise<Cost[]> {
    const { cluster, mesh } = setup;
    const costs: Cost[] = [];
    for (const [index, size] of sizes.entries()) {
        const before = index === 0 ? 0 : sizes[index - 1];
        const gateway = await mesh.gateway();
        const sum = async () => (await istiodMetrics(cluster, await mesh.istiod()))(CONVERGENCE);
        const convergence = await sum();
        const start = performance.now();
        await applyAll(cluster, objects(before, size));
        for (const proxy of [gateway, setup.caller]) {
            await waitFor(`${size} hosts in ${proxy.name}`, 180, async () => (await external(cluster, proxy)) === size);
        }
        const live = (performance.now() - start) / 1000;
        await settled(setup);
        const cost = {
            gateway: await proxyUse(cluster, gateway, EXTERNAL),
            caller: await proxyUse(cluster, setup.caller, EXTERNAL),
            bystander: await proxyUse(cluster, setup.bystander, EXTERNAL),
            istiod: (await istiodMetrics(cluster, await mesh.istiod()))("process_resident_memory_bytes"),
            convergence: (await sum()) - convergence,
            live,
        };
        tell(`${size} hosts: ${JSON.stringify(cost)}`);
        costs.push(cost);
    }
    return costs;
}
