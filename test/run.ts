import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { LANES, Totals, chosenLanes, parseTotals, sumTotals, totalsLine } from "./support/lanes";
import { machine } from "./support/machine";
import { unsupportedNode } from "./support/nodeVersion";

/*
 * Runs what this machine has: the unit tests always, the engine's where an engine is, the cluster's where a cluster is.
 * With CI=true everything is built first, and whatever could not be run is a failure.
 */

async function main(): Promise<void> {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [lane, ...others] = chosenLanes(positionals);
    const tooOld = unsupportedNode(process.versions.node);
    if (tooOld) {
        throw new Error(tooOld);
    }
    const needsCluster = lane.some((suite) => LANES.cluster.includes(suite));
    let totals: Totals[];
    try {
        // Before the other lane starts, so that both do not build the same.
        await machine.prepare({ needsCluster });
        const elsewhere = Promise.all(others.map(inAnotherProcess));
        totals = [await inThisProcess(lane)];
        for (const { output, totals: theirs } of await elsewhere) {
            console.log(output);
            totals.push(theirs);
        }
    } finally {
        await machine.leave();
    }
    for (const missing of machine.missing()) {
        console.log(missing);
    }
    const sum = sumTotals(totals);
    console.log(totalsLine(sum));
    process.exitCode = totals.some(isFailure) ? 1 : 0;
}

function isFailure({ passed, failed, skipped }: Totals): boolean {
    return failed > 0 || passed === 0 || (machine.mustRunAll && skipped > 0);
}

async function inThisProcess(suites: string[]): Promise<Totals> {
    const mocha = new Mocha({ timeout: 0, color: process.stdout.isTTY });
    for (const suite of suites) {
        testFiles(join(__dirname, suite)).forEach((file) => mocha.addFile(file));
    }
    await mocha.loadFilesAsync();
    const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
        const runner = mocha.run(() => resolve(runner.stats));
    });
    const { passes = 0, failures = 1, pending = 0 } = stats ?? {};
    return { passed: passes, failed: failures, skipped: pending };
}

/** Runs suites while this process runs others; what they print is shown in one piece, when they have ended. */
function inAnotherProcess(suites: string[]): Promise<{ output: string; totals: Totals }> {
    console.log(`${suites.join(" and ")}: at the same time, printed at the end\n`);
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [...process.execArgv, __filename, ...suites], {
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (text: string) => (output += text));
        }
        child.once("error", reject);
        child.once("close", () => {
            const lines = output.trimEnd().split("\n");
            // A run that broke off has no last line with its totals, and is a failure.
            const totals = parseTotals(lines.at(-1) ?? "");
            resolve({
                output: (totals ? lines.slice(0, -1) : lines).join("\n"),
                totals: totals ?? { passed: 0, failed: 1, skipped: 0 },
            });
        });
    });
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
