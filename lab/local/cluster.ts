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
    /** Istio's charts: a repository's URL, or a folder with `base`, `istiod` and `gateway`. */
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
    if (!choice.charts) {
        throw new LabError(
            "A cluster of your own needs Istio's charts: add --charts with the URL of a Helm repository that has them, " +
                "or with a folder that holds base, istiod and gateway (helm pull --untar).",
        );
    }
    return ordinaryCluster(choice, { ...choice, charts: choice.charts }, "the cluster you named");
}

const KIND_CLUSTER = "mesh-egress";

/** A cluster made by kind, where Docker runs and kind is there; undefined where they are not. */
export async function kindCluster(choice: ClusterChoice): Promise<LocalCluster | undefined> {
    if (!choice.charts || !findOnPath("kind") || !findOnPath("docker")) {
        return undefined;
    }
    // The client alone is often there without an engine behind it.
    if ((await attempt("docker", ["info"], { timeout: 10_000 })).exitCode !== 0) {
        return undefined;
    }
    const kubeconfig = join(cacheRoot(), "kind.kubeconfig");
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
    const place = { kubeconfig, context: `kind-${KIND_CLUSTER}` };
    return ordinaryCluster(place, { ...choice, charts: choice.charts }, "kind, in Docker");
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
    istio: { charts: string; istioVersion?: string },
    which: string,
): LocalCluster {
    const charts = existsSync(istio.charts) ? chartFolders(istio.charts) : { repository: istio.charts };
    return {
        line: `${which} (${place.context ?? "current context"} of ${place.kubeconfig})`,
        ...place,
        settings: {
            cluster: place,
            mesh: { charts, version: istio.istioVersion },
            curlImage: CURL_IMAGE,
        },
    };
}

function chartFolders(folder: string) {
    return { base: join(folder, "base"), istiod: join(folder, "istiod"), gateway: join(folder, "gateway") };
}
