import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { binary } from "../build/build";
import { cacheRoot, keyOf } from "../build/cache";
import { EngineChoice, PluginChoice, openStack } from "../engine";
import { Addition, localConfig, proofProgram } from "../proof/program";
import { LocalCluster } from "./cluster";

/** Name of the demo's stack in the state that is kept next to its cluster. */
export const DEMO_STACK = "local";

/** The stack that demo and e2e tests share: what one brought up, the other finds. */
export async function openLocalStack(
    engine: EngineChoice,
    plugins: PluginChoice[],
    cluster: LocalCluster,
    addition?: Addition,
): Promise<Stack> {
    return openProofStack(engine, plugins, cluster, DEMO_STACK, proofProgram(localConfig(cluster.settings), addition));
}

/** A stack next to the demo's, in the same cluster. */
export async function openProofStack(
    engine: EngineChoice,
    plugins: PluginChoice[],
    cluster: LocalCluster,
    name: string,
    program: PulumiFn,
): Promise<Stack> {
    const stateDir = stateFolder(cluster);
    return openStack({
        engine,
        plugins,
        name,
        project: "mesh-egress",
        program,
        stateDir,
        passphrase: passphraseIn(stateDir),
        env: standInEnvironment(),
    });
}

/** The stand-in for the kubernetes plugin installs charts with the lab's helm; the official one has its own. */
function standInEnvironment(): Record<string, string> {
    const helm = binary("helm");
    return helm ? { MESH_EGRESS_HELM: helm } : {};
}

/** Forgets the stack, where its cluster is no more. */
export function forgetLocalStack(cluster: LocalCluster): void {
    rmSync(stateFolder(cluster), { recursive: true, force: true });
}

/** One state a cluster, or the engine would look for one cluster's objects in another. Outside the clone, as they are. */
export function stateFolder({ kubeconfig, context = "" }: LocalCluster): string {
    return join(cacheRoot(), "stacks", keyOf({ kubeconfig, context }));
}

/** Protects the secrets in the stack's state; made once, readable by this user only. */
function passphraseIn(folder: string): string {
    const file = join(folder, "passphrase");
    if (!existsSync(file)) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
    }
    return readFileSync(file, "utf8");
}
