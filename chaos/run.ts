import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { thisCommit, thisMachine } from "../bench/machine";
import { messageOf } from "../lab/errors";
import { beginning } from "./beginning";
import { outcomeOf } from "./outcome";
import { seen } from "./page";
import { Report, Result } from "./report";
import { readResults, writeResults } from "./results";
import { broken, Scenario } from "./scenario";
import { SCENARIOS, chosen } from "./scenarios";
import { interrupt, isInterrupted } from "./stage/pause";
import { Stage } from "./stage/stage";

const HELP = `Shows what callers see of a fault: runs load through the gateway on the lab, and brings the fault about.

  npm run chaos                           every scenario but those that take long
  npm run chaos -- SCENARIO ...           some of them
  npm run chaos -- SCENARIO ... --keep    keep the results in chaos/results.json and docs/reliability.md
  npm run chaos -- --draw                 write the table in docs/reliability.md again, without a run
  npm run chaos -- --list                 the scenarios, with what each promises

CHAOS_SEED=N repeats the random moments of an earlier run, which prints its own, as shares of what an update takes.

It uses the lab and the demo's environment in it, which stay up. Its own gateway, callers and partner it removes, also when it is
interrupted.`;

async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            help: { type: "boolean", short: "h" },
            list: { type: "boolean" },
            keep: { type: "boolean" },
            draw: { type: "boolean" },
        },
    });
    if (values.help) {
        return console.log(HELP);
    }
    if (values.list) {
        return SCENARIOS.forEach(({ name, what, promised }) => console.log(`${name}: ${what}. ${promised.text}.`));
    }
    const results = readResults();
    if (values.draw) {
        return writeResults(SCENARIOS, results);
    }
    const scenarios = chosen(positionals);
    endOnSignals();
    const stage = await Stage.open((line) => console.log(`  ${line}`));
    let missed = 0;
    try {
        for (const scenario of scenarios) {
            if (isInterrupted()) {
                break;
            }
            const result = await play(scenario, stage);
            missed += broken(scenario.promised, result).length > 0 ? 1 : 0;
            if (values.keep && !isInterrupted()) {
                results[scenario.name] = result;
                await writeResults(SCENARIOS, results);
            }
        }
    } finally {
        await stage.close();
    }
    if (isInterrupted()) {
        console.log("interrupted: the promises of the last scenario and of those after it were not judged");
        process.exitCode = 1;
        return;
    }
    console.log(missed === 0 ? "every promise was kept" : `${missed} of ${scenarios.length} promises were broken`);
    console.log(values.keep ? "kept" : "not kept: --keep keeps the results");
    process.exitCode = missed === 0 ? 0 : 1;
}

/**
 * Ends the run early, with what it made removed, also where its terminal is closed. A shell, npm and `timeout` send the same
 * signal, so that it comes more than once.
 */
function endOnSignals(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
            if (!isInterrupted()) {
                console.log("interrupted; what the run made is being removed");
                interrupt();
            }
        });
    }
}

/** Runs a scenario and prints what it showed. One that could not be brought to an end has no calls, and so keeps no promise. */
async function play(scenario: Scenario, stage: Stage): Promise<Result> {
    console.log(`\n${scenario.name}: ${scenario.what}`);
    const start = Date.now();
    const told = async (report: Report): Promise<Result> => ({
        ...report,
        ...{ date: new Date().toISOString().slice(0, 10), commit: await thisCommit(), machine: thisMachine() },
        seconds: Math.round((Date.now() - start) / 1000),
    });
    try {
        const report = await scenario.run(stage);
        const { ours, alternatives = {}, findings = {} } = report;
        for (const [name, outcome] of Object.entries({ "mesh-egress": ours, ...alternatives })) {
            const { calls, failed, longestGap } = outcome;
            console.log(`  ${name}: ${calls} calls, ${failed} failed, longest gap ${longestGap} s; ${seen(outcome)}`);
        }
        Object.entries(findings).forEach(([name, value]) => console.log(`  ${name}: ${value}`));
        // If the load is far above the number of cores, calls fail because they get no processor time.
        console.log(`  the machine's load in the last minute: ${loadavg()[0].toFixed(1)}`);
        const reasons = broken(scenario.promised, report);
        console.log(reasons.length === 0 ? "  as promised" : `  not as promised: ${reasons.join("; ")}`);
        return await told(report);
    } catch (error) {
        console.log(`  did not come to an end: ${messageOf(error)}`);
        return told({
            ours: outcomeOf([]),
            findings: { "did not come to an end": beginning(messageOf(error).replace(/\s+/g, " "), 300) },
        });
    }
}

main().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
});
