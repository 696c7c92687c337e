import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openStack } from "../../../lab/engine";
import { memoryPlugins } from "./memoryPlugins";
import { StateResource, toFile } from "./stateFile";
import { localEngine } from "../../../lab/local/engine";
import { noCluster } from "../noCluster";
import { STACKS, Sources, WORDS_OF_0_1_0, stackProgram } from "./program";

/*
 * Makes the states of `test/support/state/<version>/` from an older version's sources:
 *
 *     git worktree add ../mesh-egress-0.1.0 1e2ae32 && ln -s "$PWD/node_modules" ../mesh-egress-0.1.0
 *     npx tsx test/support/state/makeState.ts ../mesh-egress-0.1.0 0.1.0
 *
 * Names of stacks at the end make the states of these alone. In those of 0.1.0 the id of the role Network Contributor is
 * corrected by hand: Azure knows no role with the one that 0.1.0 asked for, so no stack has it.
 */
async function main([tree, version, ...names]: string[]): Promise<void> {
    const engine = await localEngine({ download: false, build: false, say: console.log });
    const load = createRequire(join(resolve(tree), "package.json"));
    const sources = {
        ...(load("./stacks/environment") as object),
        ...(load("./components") as object),
        ...(load("./test/support/stacks") as object),
    } as Sources;
    const stateDir = mkdtempSync(join(tmpdir(), "mesh-egress-old-state-"));
    try {
        for (const name of STACKS.filter((one) => names.length === 0 || names.includes(one))) {
            const stack = await openStack({
                engine,
                plugins: await memoryPlugins(engine),
                name,
                project: "mesh-egress",
                program: stackProgram(name, sources, WORDS_OF_0_1_0, noCluster()),
                stateDir,
                passphrase: "only for this script",
            });
            await stack.up({ onOutput: (text) => process.stdout.write(text) });
            const deployment = (await stack.exportStack()).deployment as unknown;
            const { resources } = deployment as { resources: StateResource[] };
            const lines = toFile(resources).map((resource) => JSON.stringify(resource));
            // A line a resource, so that a difference shows which.
            writeFileSync(join(__dirname, version, `${name}.json`), `[\n${lines.join(",\n")}\n]\n`);
        }
    } finally {
        rmSync(stateDir, { recursive: true });
    }
}

void main(process.argv.slice(2));
