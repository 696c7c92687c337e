import { waitFor } from "../../lab/proof/cluster";
import { applyAll } from "../cluster/benchMesh";
import { ProxyUse, proxyUse } from "../cluster/proxyUse";
import { EXTERNAL, MeshSetup, external, routes, settled } from "./setup";

/** The callers' sidecar, where routes are visible to the gateway only. */
export async function withoutSidecars(setup: MeshSetup, size: number, tell: (line: string) => void): Promise<ProxyUse> {
    const { cluster, caller } = setup;
    await applyAll(
        cluster,
        routes(0, size, "gateway").filter(({ kind }) => kind === "ServiceEntry"),
    );
    await waitFor("no host in the caller's sidecar", 120, async () => (await external(cluster, caller)) === 0);
    await settled(setup);
    const use = await proxyUse(cluster, caller, EXTERNAL);
    tell(`${size} hosts that only the gateway holds: the caller's sidecar ${JSON.stringify(use)}`);
    return use;
}
