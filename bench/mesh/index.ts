import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { startCaller } from "../../lab/proof/workloads";
import { gatewayObjects } from "../../plan/gateway";
import { KubernetesObject } from "../../plan/kubernetesObject";
import { BenchMesh, CALLERS, GATEWAY, applyAll, removeAll, namespace, openBenchMesh } from "../cluster/benchMesh";
import { load, startFortio } from "../cluster/fortio";
import { PARTNER, Partner, numberedHost, startPartner } from "../cluster/partner";
import { ProxyUse, istiodMetrics, proxyUse } from "../cluster/proxyUse";
import { egressRoute } from "../cluster/route";
import { Figure, Part } from "../part";
import { guidesLayout } from "./guidesLayout";

const SIZES = [0, 100, 500, 1000];
/** Hosts of one partner, in one route. */
const GROUP = 10;
const GUIDES = "guides' layout";
/** Each of its hosts is sent to every proxy anew with each that follows: a thousand take longer than a part may. */
const MOST_OF_GUIDES = 500;
/** Namespace in the mesh that no route allows. */
const BYSTANDERS = "bystanders";

/** All that a number of hosts costs. */
interface Cost {
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

interface Scene {
    mesh: BenchMesh;
    cluster: Cluster;
    partner: Partner;
    caller: PodRef;
    bystander: PodRef;
}

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
    const scene: Scene = { mesh, cluster, partner, caller, bystander };
    const most = Math.max(...sizes);

    const ours = await grow(scene, sizes, (from, to) => routes(from, to, "callers"), tell);
    const hidden = await withoutSidecars(scene, most, tell);
    const changes = await changesLive(scene, most, tell);

    tell(`removing ${most} hosts; ${GUIDES} takes their place`);
    await removeAll(cluster, [...gatewayOwn(), ...routes(0, most, "callers")]);
    await mesh.restart();
    const guides = await grow(
        scene,
        sizes.filter((size) => size <= MOST_OF_GUIDES),
        (from, to) => numbers(from, to).flatMap((index) => guidesLayout(numberedHost(index), PARTNER.fresh.port)),
        tell,
    );
    return [
        ...sizes.flatMap((size, index) => figures(size, ours[index], guides[index])),
        ...besides(ours, guides, hidden, sizes),
        ...changes,
    ];
}

function numbers(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, index) => from + index);
}

function routes(from: number, to: number, visibility: "callers" | "gateway"): KubernetesObject[] {
    const hosts = numbers(from, to).map(numberedHost);
    return numbers(0, Math.ceil(hosts.length / GROUP)).flatMap((group) =>
        egressRoute({
            hosts: hosts.slice(group * GROUP, (group + 1) * GROUP),
            port: PARTNER.fresh.port,
            visibility,
        }),
    );
}

function gatewayOwn(): KubernetesObject[] {
    return Object.values<KubernetesObject>({ ...gatewayObjects(GATEWAY) });
}

/** Adds hosts up to each of the sizes, and says what each size costs. */
async function grow(
    scene: Scene,
    sizes: number[],
    objects: (from: number, to: number) => KubernetesObject[],
    tell: (line: string) => void,
): Promise<Cost[]> {
    const { cluster, mesh } = scene;
    const costs: Cost[] = [];
    for (const [index, size] of sizes.entries()) {
        const before = index === 0 ? 0 : sizes[index - 1];
        const gateway = await mesh.gateway();
        const sum = async () => (await istiodMetrics(cluster, await mesh.istiod()))(CONVERGENCE);
        const convergence = await sum();
        const start = performance.now();
        await applyAll(cluster, objects(before, size));
        for (const proxy of [gateway, scene.caller]) {
            await waitFor(`${size} hosts in ${proxy.name}`, 180, async () => (await external(cluster, proxy)) === size);
        }
        const live = (performance.now() - start) / 1000;
        await settled(scene);
        const cost = {
            gateway: await proxyUse(cluster, gateway, EXTERNAL),
            caller: await proxyUse(cluster, scene.caller, EXTERNAL),
            bystander: await proxyUse(cluster, scene.bystander, EXTERNAL),
            istiod: (await istiodMetrics(cluster, await mesh.istiod()))("process_resident_memory_bytes"),
            convergence: (await sum()) - convergence,
            live,
        };
        tell(`${size} hosts: ${JSON.stringify(cost)}`);
        costs.push(cost);
    }
    return costs;
}

const CONVERGENCE = "pilot_proxy_convergence_time_sum";
const EXTERNAL = /[|]host-[0-9]+[.]partner[.]example$/;

async function external(cluster: Cluster, proxy: PodRef): Promise<number> {
    // Every cluster has a line of its own with this statistic; a dump of the configuration is 14 MB.
    const page = await cluster.exec({ ...proxy, container: "istio-proxy" }, [
        ...["pilot-agent", "request", "GET", "clusters"],
    ]);
    const hosts = [...page.stdout.matchAll(/[|](host-[0-9]+)[.]partner[.]example::default_priority::max_connections/g)];
    return new Set(hosts.map(([, host]) => host)).size;
}

/** Waits until istiod has had nothing to tell its proxies for two seconds. */
async function settled({ cluster, mesh }: Scene): Promise<void> {
    let last = { pushes: -1, at: 0 };
    await waitFor("istiod to have told all proxies", 120, async () => {
        const pushes = (await istiodMetrics(cluster, await mesh.istiod()))("pilot_proxy_convergence_time_count");
        if (pushes !== last.pushes) {
            last = { pushes, at: Date.now() };
        }
        return Date.now() - last.at > 2000;
    });
}

/** The callers' sidecar, where routes are visible to the gateway only. */
async function withoutSidecars(scene: Scene, size: number, tell: (line: string) => void): Promise<ProxyUse> {
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

/** Seconds until a new host answers and until a rotated certificate is shown, and whether others lose calls. */
async function changesLive(scene: Scene, size: number, tell: (line: string) => void): Promise<Figure[]> {
    const { cluster, mesh, partner } = scene;
    await applyAll(cluster, routes(0, 1, "callers"));
    await answers(scene, numberedHost(0), "[0-9A-F]");
    const fortio = await startFortio(cluster, CALLERS, "fortio", mesh.curlImage);
    const newHosts: number[] = [];
    const rotations: number[] = [];
    let calls = 0;
    let failed = 0;
    for (let round = 0; round < 3; round++) {
        const others = load(cluster, fortio, `http://${numberedHost(0)}/`, {
            ...{ rate: 50, connections: 4, seconds: 10, keepAlive: true },
        });
        const added = egressRoute({ hosts: [numberedHost(1000)], port: PARTNER.fresh.port });
        let start = performance.now();
        for (const object of added) {
            await cluster.apply(object as unknown as AnyObject);
        }
        const serial = await answers(scene, numberedHost(1000), "[0-9A-F]");
        newHosts.push((performance.now() - start) / 1000);
        start = performance.now();
        await partner.rotate();
        await answers(scene, numberedHost(0), `[0-9A-F]`, serial);
        rotations.push((performance.now() - start) / 1000);
        const result = await others;
        calls += result.calls;
        failed += result.failed;
        await removeAll(cluster, added);
    }
    tell(
        `new host live ${newHosts.join(", ")} s, rotated ${rotations.join(", ")} s, others: ${failed} of ${calls} failed`,
    );
    const note = `median of 3, others: ${[newHosts, rotations].map((all) => all.map((one) => one.toFixed(1)).join(", ")).join("; ")}`;
    return [
        {
            id: "new-host-live",
            what: `host ${size + 1}: from its first object to its first 200`,
            unit: "s",
            ours: median(newHosts),
            better: "less",
            goal: { at: "most", value: 5 },
            note,
        },
        {
            id: "rotated-certificate-live",
            what: "from the secret's change to a call with the new certificate",
            unit: "s",
            ours: median(rotations),
            better: "less",
            goal: { at: "most", value: 5 },
            note: "on new connections; those that are there end after maxConnectionSeconds",
        },
        {
            id: "others-failed",
            what: `calls of another host that failed meanwhile, of ${calls}`,
            unit: "count",
            ours: failed,
            better: "less",
            goal: { at: "most", value: 0 },
        },
    ];
}

/** Calls the host until it answers with 200 and another text than `not`, and gives that. */
async function answers({ cluster, caller }: Scene, host: string, like: string, not = ""): Promise<string> {
    const script = `for i in $(seq 600); do got=$(curl -s -f --max-time 2 http://${host}/) && [ "$got" != "${not}" ] && echo "$got" | grep "^${like}" && exit 0; sleep 0.05; done; exit 1`;
    const { stdout, code } = await cluster.exec(caller, ["sh", "-c", script]);
    if (code !== 0) {
        throw new Error(`${host} did not answer as it should within 30 s`);
    }
    return stdout.trim();
}

function median(values: number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

const MB = 1_000_000;

function figures(size: number, ours: Cost, guides: Cost | undefined): Figure[] {
    const goals: Record<string, number> =
        size === 500 ? { bytes: 2.6, chains: 1, heap: 40, istiod: 160, convergence: 1.5 } : {};
    const goal = (name: string) =>
        goals[name] === undefined ? {} : { goal: { at: "most" as const, value: goals[name] } };
    const figure = (name: string, what: string, unit: Figure["unit"], of: (cost: Cost) => number): Figure => ({
        ...{ id: `${size}-hosts.${name}`, what: `${size} hosts: ${what}`, unit, better: "less", ...goal(name) },
        ours: of(ours),
        ...(guides
            ? { alternatives: { [GUIDES]: of(guides) } }
            : { note: `of ${GUIDES} at most ${MOST_OF_GUIDES} hosts are measured` }),
    });
    return [
        figure("bytes", "the gateway's configuration", "MB", ({ gateway }) => gateway.bytes / MB),
        figure("chains", "filter chains on its port", "count", ({ gateway }) => gateway.filterChains),
        figure("heap", "its Envoy's heap", "MB", ({ gateway }) => gateway.heap / MB),
        figure("istiod", "istiod's resident memory", "MB", ({ istiod }) => istiod / MB),
        figure("convergence", "convergence, summed over all pushes", "s", ({ convergence }) => convergence),
        figure("live", "from the first object to a gateway and a sidecar with all hosts", "s", ({ live }) => live),
        figure("caller-bytes", "configuration of a caller's sidecar", "MB", ({ caller }) => caller.bytes / MB),
        figure("caller-heap", "heap of a caller's sidecar", "MB", ({ caller }) => caller.heap / MB),
    ];
}

function besides(ours: Cost[], guides: Cost[], hidden: ProxyUse, sizes: number[]): Figure[] {
    const size = sizes[ours.length - 1];
    const sizeOfGuides = sizes[guides.length - 1];
    const [last, lastOfGuides] = [ours[ours.length - 1], guides[guides.length - 1]];
    const growth = (costs: Cost[]) => (costs[costs.length - 1].bystander.bytes - costs[0].bystander.bytes) / 1000;
    const beside = `${GUIDES}: ${sizeOfGuides} hosts`;
    return [
        {
            id: "caller-clusters",
            what: "clusters a host in a caller's sidecar",
            unit: "per host",
            better: "less",
            ours: last.caller.externalClusters / size,
            alternatives: { [GUIDES]: lastOfGuides.caller.externalClusters / sizeOfGuides },
            note: "visibility callers, for hosts that only the mesh can resolve",
        },
        {
            id: "caller-clusters-ordinary-dns",
            what: "the same where names resolve by ordinary DNS",
            unit: "per host",
            better: "less",
            ours: hidden.externalClusters / size,
            alternatives: { [GUIDES]: lastOfGuides.caller.externalClusters / sizeOfGuides },
            goal: { at: "most", value: 0 },
            note: "visibility gateway",
        },
        {
            id: "caller-bytes-ordinary-dns",
            what: `${size} hosts: configuration of a caller's sidecar where names resolve by ordinary DNS`,
            unit: "MB",
            better: "less",
            ours: hidden.bytes / MB,
            alternatives: { [GUIDES]: lastOfGuides.caller.bytes / MB },
            note: beside,
        },
        {
            id: "bystander",
            what: `${size} hosts: what they add to a sidecar of a namespace that calls none`,
            unit: "KB",
            better: "less",
            ours: growth(ours),
            alternatives: { [GUIDES]: growth(guides) },
            goal: { at: "most", value: 0 },
            note: beside,
        },
    ];
}
