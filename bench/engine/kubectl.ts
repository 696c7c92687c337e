import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findOnPath } from "../../lab/engine/findOnPath";
import { CommandError, attempt, command } from "../../lab/command";
import { readKubeconfig } from "../../lab/standins/kubernetes/kubeconfig";
import { ourObjects, secretOf } from "./layouts";
import { partners } from "./partners";
import type { Stage } from "./stage";

/** The same objects as the components', made by `kubectl` from a file. */
export class Kubectl {
    private constructor(
        private readonly program: string,
        private readonly args: string[],
        private readonly stage: Stage,
    ) {}

    /** Undefined where there is no kubectl. */
    static async find(stage: Stage): Promise<Kubectl | undefined> {
        const program = findOnPath("kubectl");
        if (!program) {
            return undefined;
        }
        const { kubeconfig, context } = stage.cluster;
        const file = join(stage.folder, "kubeconfig");
        const isText = kubeconfig.trimStart().startsWith("{");
        if (isText) {
            await writeFile(file, kubeconfig, { mode: 0o600 });
        }
        // Read before kubectl reads it, so that an error is reported in this project's words.
        readKubeconfig(kubeconfig, context);
        return new Kubectl(
            program,
            ["--kubeconfig", isText ? file : kubeconfig, ...(context ? ["--context", context] : [])],
            stage,
        );
    }

    async run(operation: "diff" | "apply" | "delete", hosts: number): Promise<number> {
        const items = partners(hosts).flatMap((partner) => [
            secretOf(partner, this.stage.credential),
            ...ourObjects(partner),
        ]);
        const file = join(this.stage.folder, "objects.json");
        await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }), { mode: 0o600 });
        const start = performance.now();
        const args = [...this.args, operation, "-f", file];
        if (operation === "diff") {
            const output = await attempt(this.program, args);
            // Exit code 1 means that there are differences.
            if (output.exitCode > 1) throw new CommandError(this.program, args, output);
        } else {
            await command(this.program, args);
        }
        return (performance.now() - start) / 1000;
    }
}
