import { binary, build, buildProgram } from "../../lab/build/build";
import { lab } from "../../lab/cluster/lab";
import { down, up } from "../../lab/cluster/up";
import { EngineChoice, PluginChoice, findPlugins, languageFolder } from "../../lab/engine";
import { findOnPath } from "../../lab/engine/findOnPath";
import { LabError } from "../../lab/errors";
import { localEngine } from "../../lab/local/engine";
import { LocalCluster, choiceFromEnvironment, labCluster, namedCluster } from "../../lab/local/cluster";

import { chartMirror } from "./chartMirror";
import { namespacesOf } from "./clusterState";

/** The plugins of all environments. */
const PLUGINS = ["kubernetes", "tls", "azure-native"];

/** What the engine's tests need. */
export interface EngineSetup {
    engine: EngineChoice;
    plugins: PluginChoice[];
    /** For the engine: where its plugins get charts and helm. */
    env?: Record<string, string>;
}

/**
 * What this machine has for tests that need more than Node: found once, and with CI=true built where it is missing.
 */
class Machine {
    /** With CI=true a test that cannot run is a failure. */
    readonly mustRunAll = process.env.CI === "true";
    private engineFound?: Promise<EngineSetup | string>;
    private clusterFound?: Promise<LocalCluster | string>;
    private readonly notes = new Set<string>();
    private startedLab = false;

    /** Gets ready what must not be missing, before any test asks for it. */
    async prepare({ needsCluster }: { needsCluster: boolean }): Promise<void> {
        if (this.mustRunAll) {
            await (this.engineFound ??= this.findEngine());
            if (needsCluster) {
                await (this.clusterFound ??= this.findCluster());
            }
        }
    }

    /** The engine, or skips the tests of the suite that asks. */
    async engine(context: Mocha.Context): Promise<EngineSetup> {
        this.engineFound ??= this.findEngine();
        return this.orSkip(context, await this.engineFound);
    }

    /** The cluster, or skips the tests of the suite that asks. */
    async cluster(context: Mocha.Context): Promise<LocalCluster> {
        this.clusterFound ??= this.findCluster();
        return this.orSkip(context, await this.clusterFound);
    }

    /** A cluster without an environment in it, for tests that bring up one of their own, or skips. */
    async emptyCluster(context: Mocha.Context): Promise<LocalCluster> {
        const cluster = await this.cluster(context);
        const isTaken = (await namespacesOf(cluster)).includes("istio-system");
        return this.orSkip(
            context,
            isTaken ? skipped("the cluster has an Istio: npm run demo -- --down --lab") : cluster,
        );
    }

    /** A folder for PATH with the engine's hosts for programs in several languages, or skips. */
    async languages(context: Mocha.Context): Promise<{ folder: string }> {
        if (!languageFolder() && this.mustRunAll) {
            await build("languages", tell);
        }
        const folder = languageFolder();
        return this.orSkip(context, folder ? { folder } : skipped("no language hosts: npm run lab -- build languages"));
    }

    /** A program of the system, or skips the tests of the suite that asks. */
    program(context: Mocha.Context, name: string): { path: string } {
        const path = findOnPath(name);
        return this.orSkip(context, path ? { path } : skipped(`no ${name} on PATH`));
    }

    /** A program that only some tests need, or skips the tests of the suite that asks. */
    async tool(context: Mocha.Context, name: string): Promise<{ path: string }> {
        if (!binary(name) && this.mustRunAll) {
            await build("extra", tell);
        }
        const path = binary(name);
        return this.orSkip(context, path ? { path } : skipped(`no ${name}: npm run lab -- build extra`));
    }

    /** Why tests were skipped and how to get what they need, a line each. */
    missing(): string[] {
        return [...this.notes];
    }

    /** Takes down what was brought up for the tests. */
    async leave(): Promise<void> {
        if (this.startedLab) {
            await down();
        }
    }

    private orSkip<T extends object>(context: Mocha.Context, found: T | string): T {
        if (typeof found !== "string") {
            return found;
        }
        this.notes.add(found);
        return context.skip();
    }

    private async findEngine(): Promise<EngineSetup | string> {
        try {
            const engine = await localEngine({ download: false, build: this.mustRunAll, say: tell });
            const plugins = await findPlugins({ engine, download: false, names: PLUGINS });
            return { engine, plugins, env: { ...(await chartMirror()), ...(await this.helm(plugins)) } };
        } catch (error) {
            return this.reason(error, "no engine");
        }
    }

    /** The stand-ins for the Kubernetes plugin load charts with it; the official plugin has one of its own. */
    private async helm(plugins: PluginChoice[]): Promise<Record<string, string>> {
        if (this.mustRunAll) {
            await buildProgram("helm", tell);
        }
        const helm = binary("helm") ?? findOnPath("helm");
        if (helm !== undefined) {
            return { MESH_EGRESS_HELM: helm };
        }
        if (plugins.some(({ name, source }) => name === "kubernetes" && source === "stand-in")) {
            throw new LabError("The stand-in for the Kubernetes plugin needs helm. Build it: npm run lab -- build lab");
        }
        return {};
    }

    private async findCluster(): Promise<LocalCluster | string> {
        const choice = choiceFromEnvironment();
        if (choice.kubeconfig) {
            return namedCluster({ ...choice, kubeconfig: choice.kubeconfig });
        }
        const running = lab();
        if (running) {
            return labCluster(running);
        }
        const isBuilt = ["kube-apiserver", "pilot-discovery", "envoy"].every((program) => binary(program));
        if (!this.mustRunAll && !isBuilt) {
            return skipped(
                "no cluster: set MESH_EGRESS_KUBECONFIG and MESH_EGRESS_CHARTS, or build the lab: npm run lab -- build",
            );
        }
        try {
            // Set first: what a failed start leaves behind is taken down too.
            this.startedLab = true;
            return labCluster(await up({ onProgress: tell }));
        } catch (error) {
            return this.reason(error, "the lab does not start");
        }
    }

    private reason(error: unknown, hint: string): string {
        if (this.mustRunAll || !(error instanceof LabError)) {
            throw error;
        }
        return skipped(`${hint}\n  ${error.message}`);
    }
}

function skipped(reason: string): string {
    return `skipped: ${reason}`;
}

function tell(text: string): void {
    console.log(`    ${text}`);
}

export const machine = new Machine();
