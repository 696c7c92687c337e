import { existsSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { lab } from "../cluster/lab";
import { EngineChoice, PluginChoice, commandOf, findPlugins } from "../engine";
import { LabError } from "../errors";
import { LocalCluster, choiceFromEnvironment, labCluster, madeKindCluster, namedCluster } from "./cluster";
import { localEngine } from "./engine";
import { DEMO_STACK, stateFolder } from "./stack";

/** How to open a stack that is kept next to its cluster. */
export type OpenKept = (engine: EngineChoice, plugins: PluginChoice[], cluster: LocalCluster) => Promise<Stack>;

const ROOT = join(__dirname, "..", "..");

/** What a user calls the demo's stack: no name of a file in stacks/, so that none of those is taken for it. */
const DEMO = "demo";

/** A stack by its name: `demo` is the one that the demo keeps next to its cluster, any other is the backend's. */
export async function openNamedStack(name: string, openDemo: OpenKept): Promise<Stack> {
    const cluster = name === DEMO ? demoCluster() : undefined;
    const engine = await localEngine({ download: false, build: false });
    if (cluster) {
        return openDemo(engine, await findPlugins({ engine }), cluster);
    }
    return LocalWorkspace.selectStack({ stackName: name, workDir: ROOT }, { pulumiCommand: await commandOf(engine) });
}

/** How to run the engine's own command for a stack by its name, or for none. The stack need not be readable, except the demo's. */
export async function namedEngine(name: string | undefined, openDemo: OpenKept) {
    if (name === DEMO) {
        const { name: ownName, workspace } = await openNamedStack(name, openDemo);
        const { envVars: env, pulumiCommand, workDir: cwd } = workspace;
        return { command: pulumiCommand.command, cwd, env, ofStack: ["--stack", ownName] };
    }
    const { command } = await commandOf(await localEngine({ download: false, build: false }));
    return { command, cwd: ROOT, env: {}, ofStack: name === undefined ? [] : ["--stack", name] };
}

/** The cluster that the demo's stack is kept for. */
function demoCluster(): LocalCluster {
    const keeps = (cluster: LocalCluster) =>
        existsSync(join(stateFolder(cluster), ".pulumi", "stacks", "mesh-egress", `${DEMO_STACK}.json`));
    const cluster = currentClusters().find(keeps);
    if (cluster === undefined) {
        throw new LabError("The demo is not up. Start it: npm run demo");
    }
    return cluster;
}

/** The cluster that the environment names, else those of the demo that may run: kind and the lab. */
function currentClusters(): LocalCluster[] {
    const choice = choiceFromEnvironment();
    if (choice.kubeconfig) {
        return [namedCluster({ ...choice, kubeconfig: choice.kubeconfig })];
    }
    const [kind, running] = [madeKindCluster(choice), lab()];
    return [...(kind ? [kind] : []), ...(running ? [labCluster(running)] : [])];
}
