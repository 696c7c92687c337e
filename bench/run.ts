import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "../lab/command";
import { down } from "../lab/cluster/up";

/*
 * How long a user waits, with everything built and cached: npm run bench [part ...]. Starts from a machine without a
 * lab, and leaves it so.
 */

interface Part {
    name: string;
    what: string;
    /** Seconds that the part should take at the most, on two cores. */
    goal: number;
    run: () => Promise<unknown>;
}

const npm = (...args: string[]) => command("npm", ["run", "--silent", ...args]);

const PARTS: Part[] = [
    { name: "lab-up", what: "lab up", goal: 60, run: () => npm("lab", "--", "up") },
    {
        name: "demo",
        what: "first demo, up to the table of proof",
        goal: 180,
        run: () => npm("demo", "--", "--offline"),
    },
    { name: "demo-again", what: "second demo", goal: 30, run: () => npm("demo", "--", "--offline") },
    { name: "test", what: "npm test without the lab", goal: 120, run: () => npm("test", "--", "unit", "engine") },
];

interface Result {
    seconds: number;
    goal: number;
}

const RESULTS = join(__dirname, "results.json");

async function main(): Promise<void> {
    const { positionals } = parseArgs({ allowPositionals: true });
    const unknown = positionals.filter((name) => !PARTS.some((part) => part.name === name));
    if (unknown.length > 0) {
        throw new Error(
            `There is no part ${unknown.join(", ")}. The parts are ${PARTS.map(({ name }) => name).join(", ")}.`,
        );
    }
    const chosen = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const results: Record<string, Result> = readResults();
    await npm("demo", "--", "--down");
    try {
        for (const part of chosen) {
            const start = performance.now();
            await part.run();
            const seconds = Math.round((performance.now() - start) / 100) / 10;
            const before = results[part.name]?.seconds;
            results[part.name] = { seconds, goal: part.goal };
            const compared = before === undefined ? "" : `, last kept ${before} s`;
            console.log(`${part.what}: ${seconds} s (goal ${part.goal} s${compared})`);
        }
    } finally {
        await npm("demo", "--", "--down");
        await down();
    }
    writeFileSync(RESULTS, `${JSON.stringify({ cores: cpus().length, ...results }, undefined, 2)}\n`);
}

function readResults(): Record<string, Result> {
    try {
        return JSON.parse(readFileSync(RESULTS, "utf8")) as Record<string, Result>;
    } catch {
        return {};
    }
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
