import { startCaller } from "../../lab/proof/workloads";
import { gatewayObjects } from "../../plan/mesh/gateway";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { BenchMesh, CALLERS, GATEWAY, namespace, openBenchMesh, removeAll } from "../cluster/benchMesh";
import { PARTNER, numberedHost, startPartner } from "../cluster/partner";
import { Figure, Part } from "../part";
import { changesLive } from "./changesLive";
import { grow } from "./cost";
import { GUIDES, MOST_OF_GUIDES, besides, figures, heapFigure } from "./figures";
import { guidesLayout } from "./guidesLayout";
import { heapOfHosts } from "./heapOfHosts";
import { withoutSidecars } from "./withoutSidecars";
import { MeshSetup, numbers, routes } from "./setup";

const SIZES = [0, 100, 500, 1000];
/** Namespace in the mesh that no route allows. */
const BYSTANDERS = "bystanders";

export const mesh: Part = {
    name: "mesh",
    what: "What hosts cost istiod, the gateway and the sidecars, and how soon a change is live",
    run: async (tell) => measure(await openBenchMesh(tell), SIZES, tell),
};

async function measure(mesh: BenchMesh, sizes: number[], tell: (line: string) => void): Promise<Figure[]> {
    const { cluster } = mesh;
    const partner = await startPartner(cluster, mesh.nginxImage);
    await cluster.apply(namespace(BYSTANDERS, true));
    const [caller, bystander] = [
        await startCaller(cluster, CALLERS, mesh.curlImage),
        await startCaller(cluster, BYSTANDERS, mesh.curlImage),
    ];
    const setup: MeshSetup = { mesh, cluster, partner, caller, bystander };
    const most = Math.max(...sizes);

    const ours = await grow(setup, sizes, (from, to) => routes(from, to, "callers"), tell);
    const hidden = await withoutSidecars(setup, most, tell);
    const changes = await changesLive(setup, most, tell);

    tell(`removing ${most} hosts`);
    await removeAll(cluster, routes(0, most, "callers"));
    await mesh.restart();
    const heaps = await heapOfHosts(setup, tell);

    tell(`${GUIDES} takes their place`);
    await removeAll(cluster, gatewayOwn());
    const guides = await grow(
        setup,
        sizes.filter((size) => size <= MOST_OF_GUIDES),
        (from, to) => numbers(from, to).flatMap((index) => guidesLayout(numberedHost(index), PARTNER.fresh.port)),
        tell,
    );
    return [
        ...sizes.flatMap((size, index) => figures(size, ours[index], guides[index])),
        heapFigure(ours, guides, heaps, sizes),
        ...besides(ours, guides, hidden, sizes),
        ...changes,
    ];
}

function gatewayOwn(): KubernetesObject[] {
    return Object.values<KubernetesObject>({ ...gatewayObjects(GATEWAY) });
}
