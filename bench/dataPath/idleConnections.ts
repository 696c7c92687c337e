import { nodeAddress } from "../../lab/cluster/addresses";
import { waitFor } from "../../lab/proof/cluster";
import { applyAll } from "../cluster/benchMesh";
import { load } from "../cluster/fortio";
import { PARTNER, PARTNER_NAMESPACE } from "../cluster/partner";
import { egressRoute } from "../cluster/route";
import { Figure } from "../part";
import { withPool } from "./connectionPool";
import { farAway } from "./distance";
import { DataPathSetup } from "./setup";

/** Less than the server keeps a connection without calls. */
const IDLE = "4s";

/** Calls that meet a connection which the server has just closed: bursts as far apart as it keeps idle connections. */
export async function idleConnections(
    { mesh: { cluster }, inside }: DataPathSetup,
    tell: (line: string) => void,
): Promise<Figure> {
    const { host, port } = PARTNER.hasty;
    const address = (await cluster.pods(PARTNER_NAMESPACE, "app=partner"))[0].status?.podIP ?? "";
    const distance = await farAway({ address, port });
    try {
        const failed = async (idleTimeout?: string) => {
            const objects = egressRoute({ hosts: [host], port: distance.port, address: nodeAddress });
            await applyAll(cluster, idleTimeout ? withPool(objects, { idleTimeout }) : objects);
            const warm = { rate: 20, connections: 1, seconds: 1, keepAlive: true };
            await waitFor(`${host} to answer from afar`, 30, async () => {
                return (await load(cluster, inside, `http://${host}/`, warm)).failed === 0;
            });
            const connections = 40;
            const result = await load(cluster, inside, `http://${host}/`, {
                ...{ connections, rate: connections / 5.02, seconds: 26, keepAlive: true, together: true },
            });
            tell(`idle for ${idleTimeout ?? "an hour"}: ${result.failed} of ${result.calls} failed`);
            return result;
        };
        const ours = await failed();
        const closed = await failed(IDLE);
        return {
            id: "idle.failed",
            what: `calls that failed, of ${ours.calls} in bursts every 5 s to a server 40 ms away that keeps idle connections for 5 s`,
            unit: "count",
            ours: ours.failed,
            alternatives: { [`connections closed after ${IDLE} without a call`]: closed.failed },
            better: "less",
            goal: { at: "most", value: 0 },
        };
    } finally {
        distance.close();
    }
}
