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

/** The cluster that the choice names. */
export function namedCluster(choice: ClusterChoice & { kubeconfig: string }): LocalCluster {
    if (!existsSync(choice.kubeconfig)) {
        throw new LabError(`--kubeconfig ${choice.kubeconfig}: there is no such file. Give the path of a kubeconfig.`);
    }
    return ordinaryCluster(choice, choice, "the cluster you named");
}

const KIND_CLUSTER = "mesh-egress";

/** The command that installs kind on this machine. */
export function kindInstallation(platform: NodeJS.Platform = process.platform): string {
    return platform === "darwin" ? "brew install kind" : "go install sigs.k8s.io/kind@latest";
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
    { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): Promise<string> {
    const kind = await kindState();
    const hasLab = platform === "linux" && arch === "x64";
    if (kind === "usable" && !lab) {
        return `Takes kind: a cluster "${KIND_CLUSTER}" in Docker, made in some minutes where it is not there yet. Another one: --kubeconfig FILE`;
    }
    if (hasLab && (lab || kind === "no docker")) {
        return `Takes the lab on this machine. ${LAB_TIME} Another cluster: --kubeconfig FILE`;
    }
    const install = kindInstallation(platform);
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
    const { kubeconfig } = kindPlace();
    const clusters = await command("kind", ["get", "clusters"]);
    if (!clusters.split("\n").includes(KIND_CLUSTER)) {
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
    } else {
        await command("kind", ["export", "kubeconfig", "--name", KIND_CLUSTER, "--kubeconfig", kubeconfig]);
    }
    return ordinaryCluster(kindPlace(), choice, "kind, in Docker");
}

/** The cluster that an earlier demo made with kind, without asking Docker for it; undefined where none did. */
export function madeKindCluster(choice: ClusterChoice): LocalCluster | undefined {
    return existsSync(kindPlace().kubeconfig) ? ordinaryCluster(kindPlace(), choice, "kind, in Docker") : undefined;
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
