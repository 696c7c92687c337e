import { ProxyUse } from "../cluster/proxyUse";
import { Figure } from "../part";
import { Cost } from "./cost";
import { HEAP_HOSTS } from "./heapOfHosts";

export const GUIDES = "guides' layout";
/** Each further host sends all earlier ones to every proxy again, so a thousand would exceed the time of a part. */
export const MOST_OF_GUIDES = 500;

const MB = 1_000_000;

export function figures(size: number, ours: Cost, guides: Cost | undefined): Figure[] {
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

/** What hosts add to the gateway's heap, and what of that would be left without their TLS. */
export function heapFigure(ours: Cost[], guides: Cost[], withoutTls: Record<string, number>, sizes: number[]): Figure {
    const index = sizes.indexOf(HEAP_HOSTS);
    const added = (costs: Cost[]) => costs[index].gateway.heap - costs[0].gateway.heap;
    const all = { ...withoutTls, [GUIDES]: added(guides) };
    return {
        ...{ id: "heap-added", what: `${HEAP_HOSTS} hosts: what they add to its heap`, unit: "MB", better: "less" },
        ours: added(ours) / MB,
        alternatives: Object.fromEntries(Object.entries(all).map(([name, bytes]) => [name, bytes / MB])),
    };
}

export function besides(ours: Cost[], guides: Cost[], hidden: ProxyUse, sizes: number[]): Figure[] {
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
