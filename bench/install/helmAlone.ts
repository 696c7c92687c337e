import { builtBinary } from "../../lab/build/build";
import { runChild } from "../child";
import type { ChartRelease } from "./charts";

/** Helm's own command, as an operator uses it. */
export class Helm {
    constructor(private readonly kubeconfig: string) {}

    /** Installs the charts one after the other, and gives the seconds of each. */
    async install(releases: ChartRelease[], { wait }: { wait: boolean }): Promise<number[]> {
        const seconds: number[] = [];
        for (const { name, namespace, chart, values } of releases) {
            const args = ["install", name, chart, "--namespace", namespace, "--create-namespace", "--values", "-"];
            const ended = await this.run([...args, ...(wait ? ["--wait", "--timeout", "5m"] : [])], values);
            seconds.push(ended.seconds);
        }
        return seconds;
    }

    /** Without waiting: whoever empties the cluster does. */
    async uninstall(releases: ChartRelease[]): Promise<void> {
        for (const { name, namespace } of [...releases].reverse()) {
            await this.run(["uninstall", name, "--namespace", namespace]);
        }
    }

    /** The objects of the releases, whoever installed them. */
    async manifests(releases: ChartRelease[]): Promise<string[]> {
        const manifests: string[] = [];
        for (const { name, namespace } of releases) {
            manifests.push((await this.run(["get", "manifest", name, "--namespace", namespace])).stdout);
        }
        return manifests;
    }

    private run(args: string[], values?: object) {
        return runChild(builtBinary("helm"), ["--kubeconfig", this.kubeconfig, ...args], {
            input: JSON.stringify(values ?? {}),
        });
    }
}
