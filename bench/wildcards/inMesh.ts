import { startCaller } from "../../lab/proof/workloads";
import { CALLERS, namespace, openBenchMesh, removeAll } from "../cluster/benchMesh";
import { startPartner } from "../cluster/partner";
import { Cost, grow } from "../mesh/cost";
import { MeshSetup, routes, wildcardRoutes } from "../mesh/setup";
import type { Figure, Part } from "../part";
import { EXACT, HOSTS, PARTNERS } from "./scale";

const BYSTANDERS = "bystanders";
const MB = 1_000_000;

/** What 1,000 hosts of 100 partners take in the gateway, as a wildcard each and as exact hosts. */
export const wildcards: Part = {
    name: "wildcards",
    what: "the mesh's memory for 100 wildcards beside the 1,000 exact hosts that they stand for",
    run: inMesh,
};

async function inMesh(tell: (line: string) => void): Promise<Figure[]> {
    const mesh = await openBenchMesh(tell);
    const { cluster } = mesh;
    const partner = await startPartner(cluster, mesh.nginxImage);
    await cluster.apply(namespace(BYSTANDERS, true));
    const caller = await startCaller(cluster, CALLERS, mesh.curlImage);
    const bystander = await startCaller(cluster, BYSTANDERS, mesh.curlImage);
    const setup: MeshSetup = { mesh, cluster, partner, caller, bystander };

    tell(`${PARTNERS} wildcards`);
    const [, ours] = await grow(setup, [0, PARTNERS], wildcardRoutes, tell);
    await removeAll(cluster, wildcardRoutes(0, PARTNERS));
    await mesh.restart();
    tell(`${HOSTS} exact hosts`);
    const [, exact] = await grow(setup, [0, HOSTS], (from, to) => routes(from, to, "callers"), tell);

    const figure = (
        id: string,
        what: string,
        unit: Figure["unit"],
        of: (cost: Cost) => number,
        most?: number,
    ): Figure => ({
        ...{ id, what, unit, better: "less" },
        ours: of(ours),
        alternatives: { [EXACT]: of(exact) },
        ...(most !== undefined && { goal: { at: "most", value: most } }),
    });
    return [
        figure("bytes", "the gateway's configuration", "MB", ({ gateway }) => gateway.bytes / MB, 0.5),
        figure("heap", "its Envoy's heap", "MB", ({ gateway }) => gateway.heap / MB, 20),
        figure("clusters", "its clusters of partners", "count", ({ gateway }) => gateway.externalClusters),
        figure("caller-bytes", "configuration of a caller's sidecar", "MB", ({ caller: { bytes } }) => bytes / MB),
        figure("istiod", "istiod's resident memory", "MB", ({ istiod }) => istiod / MB),
        figure("live", "from the first object to proxies that have them all", "s", ({ live }) => live),
    ];
}
