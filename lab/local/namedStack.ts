import { existsSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { lab } from "../cluster/lab";
import { EngineChoice, PluginChoice, commandOf, findPlugins } from "../engine";
import { LocalCluster, choiceFromEnvironment, labCluster, namedCluster } from "./cluster";
import { localEngine } from "./engine";
import { stateFolder } from "./stack";

/** How to open a stack that is kept beside its cluster. */
export type OpenKept = (engine: EngineChoice, plugins: PluginChoice[], cluster: LocalCluster) => Promise<Stack>;

/** A stack by its name: one that demo and tests keep beside their cluster, where `openKept` takes it, else the backend's. */
export async function openNamedStack(name: string, openKept?: OpenKept): Promise<Stack> {
    const engine = await localEngine({ download: false, build: false });
    const cluster = currentCluster();
    const kept = cluster && join(stateFolder(cluster), ".pulumi", "stacks", "mesh-egress", `${name}.json`);
    if (openKept && cluster && kept && existsSync(kept)) {
        return openKept(engine, await findPlugins({ engine }), cluster);
    }
    return LocalWorkspace.selectStack(
        { stackName: name, workDir: join(__dirname, "..", "..") },
        { pulumiCommand: await commandOf(engine) },
    );
}

/** The cluster that the environment names, else the running lab. */
function currentCluster(): LocalCluster | undefined {
    const choice = choiceFromEnvironment();
    const running = lab();
    return choice.kubeconfig
        ? namedCluster({ ...choice, kubeconfig: choice.kubeconfig })
        : running && labCluster(running);
}
