import { existsSync } from "node:fs";
import { join } from "node:path";
import { attempt, command } from "../command";
import { Lab } from "../cluster/lab";
import { cacheRoot } from "../build/cache";
import { findOnPath } from "../engine/findOnPath";
import { LabError } from "../errors";
import { LocalSettings } from "../proof/program";
import { CURL_IMAGE } from "../../plan/shared/officialSources";

/** A cluster to bring the local environment up in, and what that takes there. */
export interface LocalCluster {
    /** Says in one line which cluster it is. */
    line: string;
    kubeconfig: string;
    context?: string;
    settings: LocalSettings;
}

/** What the person asked for. */
export interface ClusterChoice {
    kubeconfig?: string;
    context?: string;
    /** Take the lab, although there is Docker. Default: false. */
    lab?: boolean;
    /** Istio's charts: a repository's URL, or a folder with `base`, `istiod` and `gateway`. Default: Istio's own. */
    charts?: string;
    istioVersion?: string;
}

/** Reads the choice from the environment: MESH_EGRESS_KUBECONFIG, _CONTEXT, _CHARTS, _ISTIO_VERSION. */
export function choiceFromEnvironment(env: NodeJS.ProcessEnv = process.env): ClusterChoice {
    return {
        kubeconfig: env.MESH_EGRESS_KUBECONFIG,
        context: env.MESH_EGRESS_CONTEXT,
        charts: env.MESH_EGRESS_CHARTS,
        istioVersion: env.MESH_EGRESS_ISTIO_VERSION,
    };
}

/**
 * What the options say, and where they say nothing the environment. `--lab` is for this one command, so it takes precedence over a
 * kubeconfig that the environment has for others, and a context belongs to its kubeconfig.
 */
export function choiceOf(options: ClusterChoice, env?: NodeJS.ProcessEnv): ClusterChoice {
    const fromEnvironment = choiceFromEnvironment(env);
    if (options.lab || options.kubeconfig) {
        delete fromEnvironment.kubeconfig;
        delete fromEnvironment.context;
    }
    return { ...fromEnvironment, ...definedOnly(options) };
}

function definedOnly<T extends object>(values: T): Partial<T> {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The cluster that the choice names. */
export function namedCluster(choice: ClusterChoice & { kubeconfig: string }): LocalCluster {
    if (!existsSync(choice.kubeconfig)) {
        throw new LabError(`--kubeconfig ${choice.kubeconfig}: there is no such file. Give the path of a kubeconfig.`);
    }
    return ordinaryCluster(choice, choice, "the cluster you named");
}

const KIND_CLUSTER = "mesh-egress";

/** Its default Kubernetes is 1.34, as the lab's. */
const KIND_VERSION = "v0.30.0";

export type Machine = Pick<NodeJS.Process, "platform" | "arch">;

/** The lab's builds are for 64-bit x86 Linux. */
export function labRunsOn({ platform, arch }: Machine): boolean {
    return platform === "linux" && arch === "x64";
}

/** The command that installs kind on this machine. */
export function kindInstallation({ platform, arch }: Machine = process): string {
    if (platform === "darwin") {
        return "brew install kind";
    }
    const file = "/usr/local/bin/kind";
    const url = `https://kind.sigs.k8s.io/dl/${KIND_VERSION}/kind-linux-${arch === "arm64" ? "arm64" : "amd64"}`;
    return `sudo curl -fsSLo ${file} ${url} && sudo chmod +x ${file}`;
}

const LAB_TIME = "Its first build takes about 25 minutes, later starts one.";

/** Whether Docker and kind can be used here, and whether kind alone is missing. */
export async function kindState(): Promise<"usable" | "missing" | "no docker"> {
    // The client alone is often there without an engine behind it.
    if (!findOnPath("docker") || (await attempt("docker", ["info"], { timeout: 10_000 })).exitCode !== 0) {
        return "no docker";
    }
    return findOnPath("kind") ? "usable" : "missing";
}

/**
 * What the demo takes when no cluster is named, and how long it takes: said before it begins. Throws, with what to install, where
 * that would be nothing, or the lab although kind is one command away.
 */
export async function announcedChoice(
    { lab = false }: Pick<ClusterChoice, "lab">,
    { platform, arch }: Machine = process,
): Promise<string> {
    const kind = await kindState();
    const hasLab = labRunsOn({ platform, arch });
    if (kind === "usable" && !lab) {
        return `Takes kind: a cluster "${KIND_CLUSTER}" in Docker, made in some minutes where it is not there yet. Another one: --kubeconfig FILE`;
    }
    if (hasLab && (lab || kind === "no docker")) {
        return `Takes the lab on this machine. ${LAB_TIME} Another cluster: --kubeconfig FILE`;
    }
    const install = kindInstallation({ platform, arch });
    const advice = {
        usable: [],
        missing: [`Docker runs, but kind is missing. Install it: ${install}`],
        "no docker": [`Start Docker, and install kind: ${install}`],
    };
    throw new LabError(
        [
            ...advice[kind],
            hasLab
                ? `Without kind: npm run demo -- --lab takes the lab on this machine, as root. ${LAB_TIME}`
                : `The lab does not run on this machine (${platform}, ${arch}).`,
            "Another cluster: --kubeconfig FILE",
        ].join("\n"),
    );
}

/** A cluster made by kind, where Docker runs and kind is there; undefined where they are not, or the lab is asked for. */
export async function kindCluster(choice: ClusterChoice): Promise<LocalCluster | undefined> {
    if (choice.lab || (await kindState()) !== "usable") {
        return undefined;
    }
    if (await kindHasCluster()) {
        await exportKindKubeconfig();
    } else {
        const { kubeconfig } = kindPlace();
        await command("kind", [
            "create",
            "cluster",
            "--name",
            KIND_CLUSTER,
            "--kubeconfig",
            kubeconfig,
            "--wait",
            "120s",
        ]);
    }
    return ordinaryCluster(kindPlace(), choice, "kind, in Docker");
}

async function kindHasCluster(): Promise<boolean> {
    return (await command("kind", ["get", "clusters"])).split("\n").includes(KIND_CLUSTER);
}

/** Refreshes the kubeconfig: a cluster that was made again under the same name has another port and other certificates. */
async function exportKindKubeconfig(): Promise<void> {
    const { kubeconfig } = kindPlace();
    await command("kind", ["export", "kubeconfig", "--name", KIND_CLUSTER, "--kubeconfig", kubeconfig]);
}

/** The cluster that an earlier demo made with kind, without asking Docker for it; undefined where none did. */
export function madeKindCluster(choice: ClusterChoice): LocalCluster | undefined {
    return existsSync(kindPlace().kubeconfig) ? ordinaryCluster(kindPlace(), choice, "kind, in Docker") : undefined;
}

/** What a take-down is for. */
export interface TakeDown {
    /** The cluster with the stack; undefined: the lab, which goes down with everything in it. */
    cluster?: LocalCluster;
    /** Set for a cluster that an earlier demo made with kind: it is still there, or was deleted since. */
    kind?: "kept" | "gone";
}

/** Finds what a take-down is for: the cluster that was named, else the one that a demo made with kind, else the lab. Makes no cluster. */
export async function findTakeDown(choice: ClusterChoice): Promise<TakeDown> {
    if (choice.kubeconfig) {
        return { cluster: namedCluster({ ...choice, kubeconfig: choice.kubeconfig }) };
    }
    const cluster = choice.lab ? undefined : madeKindCluster(choice);
    if (cluster === undefined) {
        return {};
    }
    const kind = await kindState();
    if (kind !== "usable") {
        const fix = {
            "no docker": "Docker does not run. Start Docker.",
            missing: `kind is not on PATH. Install it: ${kindInstallation()}`,
        };
        throw new LabError(
            `The demo's cluster is kind's, and ${fix[kind]}\nTo take down only the lab: npm run demo -- --down --lab`,
        );
    }
    if (!(await kindHasCluster())) {
        return { cluster, kind: "gone" };
    }
    await exportKindKubeconfig();
    return { cluster, kind: "kept" };
}

/** The command that removes the cluster that the demo made with kind. */
export const KIND_REMOVAL = `kind delete cluster --name ${KIND_CLUSTER}`;

/** What to type after a demo on this cluster, a line each. */
export function nextSteps({ kubeconfig, context, lab }: ClusterChoice, cluster: LocalCluster): string[] {
    const options = [
        ...(kubeconfig ? [`--kubeconfig ${shellWord(kubeconfig)}`] : []),
        ...(context ? [`--context ${shellWord(context)}`] : []),
        ...(lab ? ["--lab"] : []),
    ];
    const variables = [
        ...(kubeconfig ? [`MESH_EGRESS_KUBECONFIG=${shellWord(kubeconfig)}`] : []),
        ...(kubeconfig && context ? [`MESH_EGRESS_CONTEXT=${shellWord(context)}`] : []),
    ];
    return [
        `Look around:  export KUBECONFIG=${shellWord(cluster.kubeconfig)}`,
        ...(kubeconfig ? [`For commands with --stack demo: export ${variables.join(" ")}`] : []),
        `Take it down: ${["npm run demo -- --down", ...options].join(" ")}`,
    ];
}

/** One word of a command line. */
function shellWord(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function kindPlace() {
    return { kubeconfig: join(cacheRoot(), "kind.kubeconfig"), context: `kind-${KIND_CLUSTER}` };
}

/** The lab on this machine. */
export function labCluster({ kubeconfig, charts, images, meshValues }: Lab): LocalCluster {
    return {
        line: `the lab on this machine (${kubeconfig})`,
        kubeconfig,
        settings: {
            cluster: { kubeconfig },
            mesh: { charts, hub: images.hub, tag: images.tag, values: meshValues },
            nginxImage: images.nginx,
            curlImage: images.curl,
        },
    };
}

function ordinaryCluster(
    place: { kubeconfig: string; context?: string },
    istio: { charts?: string; istioVersion?: string },
    which: string,
): LocalCluster {
    return {
        line: `${which} (${place.context ?? "current context"} of ${place.kubeconfig})`,
        ...place,
        settings: {
            cluster: place,
            mesh: {
                charts: istio.charts === undefined ? undefined : chartSource(istio.charts),
                version: istio.istioVersion,
            },
            curlImage: CURL_IMAGE,
        },
    };
}

function chartSource(charts: string) {
    return existsSync(charts) ? chartFolders(charts) : { repository: charts };
}

function chartFolders(folder: string) {
    return { base: join(folder, "base"), istiod: join(folder, "istiod"), gateway: join(folder, "gateway") };
}
