import { waitFor } from "../../lab/proof/cluster";
import { applyAll } from "../cluster/benchMesh";
import { ProxyUse, proxyUse } from "../cluster/proxyUse";
import { EXTERNAL, Scene, external, routes, settled } from "./scene";

/** The callers' sidecar, where routes are visible to the gateway only. */
export async function withoutSidecars(scene: Scene, size: number, tell: (line: string) => void): Promise<ProxyUse> {
    const { cluster, caller } = scene;
    await applyAll(
        cluster,
        routes(0, size, "gateway").filter(({ kind }) => kind === "ServiceEntry"),
    );
    await waitFor("no host in the caller's sidecar", 120, async () => (await external(cluster, caller)) === 0);
    await settled(scene);
    const use = await proxyUse(cluster, caller, EXTERNAL);
    tell(`${size} hosts that only the gateway holds: the caller's sidecar ${JSON.stringify(use)}`);
    return use;
}
