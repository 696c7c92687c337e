import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { machine } from "./support/machine";
import { unsupportedNode } from "./support/nodeVersion";

/*
 * Runs what this machine has: the unit tests always, the engine's where an engine is, the cluster's where a cluster is.
 * With CI=true everything is built first, and whatever could not be run is a failure.
 */

/**
 * In the order in which they run: the commands' bring up and destroy an environment of their own in the cluster before the
 * e2e tests share theirs, and the last looks at what these have left, and takes it down.
 */
const SUITES = ["unit", "engine", "commands", "e2e", "afterwards"];

async function main(): Promise<void> {
    const { positionals } = parseArgs({ allowPositionals: true });
    const unknown = positionals.filter((suite) => !SUITES.includes(suite));
    if (unknown.length > 0) {
        throw new Error(`There is no suite ${unknown.join(", ")}. The suites are ${SUITES.join(", ")}.`);
    }
    const tooOld = unsupportedNode(process.versions.node);
    if (tooOld) {
        throw new Error(tooOld);
    }
    const mocha = new Mocha({ timeout: 0, color: process.stdout.isTTY });
    for (const suite of positionals.length > 0 ? positionals : SUITES) {
        testFiles(join(__dirname, suite)).forEach((file) => mocha.addFile(file));
    }
    await mocha.loadFilesAsync();

    let stats: Mocha.Stats | undefined;
    try {
        await machine.prepare();
        stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
            const runner = mocha.run(() => resolve(runner.stats));
        });
    } finally {
        await machine.leave();
    }
    const { passes = 0, failures = 1, pending = 0 } = stats ?? {};
    for (const missing of machine.missing()) {
        console.log(missing);
    }
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
    process.exitCode = failures > 0 || passes === 0 || (machine.mustRunAll && pending > 0) ? 1 : 0;
}

function testFiles(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => relative(process.cwd(), join(folder, file)))
        .sort();
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.log("0 passed, 1 failed, 0 skipped");
    process.exitCode = 1;
});
