import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { LabError, messageOf } from "../lab/errors";
import { Comparison, compare } from "./compare";
import { isMet } from "./goal";
import { thisCommit, thisMachine } from "./machine";
import { PAGE, write } from "./page";
import type { Part } from "./part";
import { PARTS, chosen } from "./parts";
import { Result, readResults } from "./results";
import { textTable } from "./table";
import { interrupt, takeDown } from "./takeDown";

const HELP = `Measures this project against its alternatives, and compares with the kept results.

  npm run bench                     every part, one after the other
  npm run bench -- PART ...         some of them: ${PARTS.map(({ name }) => name).join(", ")}
  npm run bench -- PART ... --keep  keep the figures in bench/results.json, and draw docs/bench from them
  npm run bench -- --draw           draw docs/bench again from what is kept, without measuring

  --kubeconfig FILE  a cluster of yours, for the parts that can use one (engine, engine-1000); default: one of their own
  --context NAME     context of the kubeconfig; default: its current one

Whatever a part makes it takes down, also when it fails or is interrupted.`;

/** Milliseconds in which an interrupted part must stop. */
const PATIENCE = 60_000;

async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            help: { type: "boolean", short: "h" },
            keep: { type: "boolean" },
            draw: { type: "boolean" },
            kubeconfig: { type: "string" },
            context: { type: "string" },
        },
    });
    if (values.help) {
        return console.log(HELP);
    }
    const parts = chosen(positionals);
    // As the demo and the tests are told.
    if (values.kubeconfig) process.env.MESH_EGRESS_KUBECONFIG = values.kubeconfig;
    if (values.context) process.env.MESH_EGRESS_CONTEXT = values.context;

    const results = readResults();
    if (values.draw) {
        return write(await readFile(PAGE, "utf8"), PARTS, results);
    }
    for (const part of parts) {
        console.log(`\n${part.name}: ${part.what}`);
        const result = await measure(part);
        console.log(`\n${textTable(result.figures)}\n`);
        report(compare(results[part.name], result));
        const missed = result.figures.filter((figure) => isMet(figure) === false).length;
        console.log(missed === 0 ? "every goal is met" : `${missed} goals are missed`);
        results[part.name] = result;
        if (values.keep) {
            await write(await readFile(PAGE, "utf8"), PARTS, results);
        }
    }
    console.log(values.keep ? "kept" : "not kept: --keep keeps the figures");
}

async function measure(part: Part): Promise<Result> {
    const interrupted = new Promise<never>((_resolve, reject) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) {
            process.once(signal, () => {
                interrupt();
                reject(new LabError(`${part.name} was interrupted; what it made is taken down`));
            });
        }
    });
    const work = part.run((line) => console.log(`  ${line}`));
    try {
        const [commit, figures] = await Promise.race([Promise.all([thisCommit(), work]), interrupted]);
        return { date: new Date().toISOString().slice(0, 10), commit, machine: thisMachine(), figures };
    } finally {
        // Objects that are still being created could not be taken down.
        await Promise.race([work.catch(() => undefined), pause(PATIENCE, undefined, { ref: false })]);
        await takeDown();
        process.removeAllListeners("SIGINT");
        process.removeAllListeners("SIGTERM");
    }
}

function report({ worse, better, notes }: Comparison): void {
    worse.forEach((line) => console.log(`worse than kept: ${line}`));
    better.forEach((line) => console.log(`better than kept: ${line}`));
    notes.forEach((line) => console.log(line));
    if (worse.length + better.length + notes.length === 0) {
        console.log("as kept, but for noise");
    }
}

main().catch((error: unknown) => {
    console.error(messageOf(error));
    // After an interruption, work may still be running that nothing waits for.
    process.exit(1);
});
