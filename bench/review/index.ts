import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dump } from "js-yaml";
import { builtBinary } from "../../lab/build/build";
import { attempt, command } from "../../lab/command";
import { compile, linkPackages, temporaryFolder } from "../compiled";
import { guidesLayout } from "../mesh/guidesLayout";
import type { Figure, Part } from "../part";

const ROOT = join(__dirname, "..", "..");
const ANALYZE = "istioctl analyze";
const ANALYZE_ARGS = ["analyze", "--use-kube=false", "--all-namespaces"];
const REPEATS = 3;

/** Reviews the guides' layout with each program in turn, on the same file. */
export const review: Part = {
    name: "review",
    what: "How long a review of hand-written objects takes, next to istioctl analyze",
    run: async (tell) => {
        const folder = await temporaryFolder("review");
        await compile("tsconfig.build.json", folder);
        const main = join(folder, "cli", "main.js");
        await command("npm", ["run", "--silent", "bundle:command", "--", `--outfile=${main}`], { cwd: ROOT });
        await linkPackages(folder);
        await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mesh-egress", version: "0.0.0" }));
        const [small, large] = [await layoutFile(folder, 5_000), await layoutFile(folder, 50_000)];
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let repeat = 0; repeat < REPEATS; repeat++) {
            tell(`5,000 objects, ${repeat + 1} of ${REPEATS}`);
            ours.push((await reviewed(folder, small)).seconds);
            theirs.push(await seconds(() => attempt(builtBinary("istioctl"), [...ANALYZE_ARGS, small])));
        }
        tell("50,000 objects");
        const whole = await reviewed(folder, large);
        return [
            {
                id: "5000-objects",
                what: "review of 5,000 objects, as a command",
                unit: "s",
                ours: median(ours),
                alternatives: { [ANALYZE]: median(theirs) },
                better: "less",
                goal: { at: "most", value: 0.25, over: ANALYZE },
            },
            figure("50000-objects", "review of 50,000 objects, as a command", "s", whole.seconds, 5),
            figure("50000-objects.memory", "memory of that", "MB", whole.megabytes, 1024),
            figure(
                "50000-objects.growth",
                "time for ten times the objects, as a part of ten times the time",
                "ratio",
                whole.seconds / (10 * median(ours)),
                1.25,
            ),
        ];
    },
};

function figure(id: string, what: string, unit: Figure["unit"], ours: number, most: number): Figure {
    return { id, what, unit, ours, better: "less", goal: { at: "most", value: most } };
}

async function layoutFile(folder: string, count: number): Promise<string> {
    const objects = Array.from({ length: count / 5 }, (_, index) =>
        guidesLayout(`h${index}.partner.example`, 443),
    ).flat();
    const file = join(folder, `objects-${count}.yaml`);
    await writeFile(file, objects.map((object) => dump(object)).join("---\n"));
    return file;
}

/** The command from its start to its end, and the most memory that it had. */
async function reviewed(folder: string, file: string): Promise<{ seconds: number; megabytes: number }> {
    const measured = join(folder, "memory");
    const atExit = join(folder, "atExit.cjs");
    const write = `require("node:fs").writeFileSync(${JSON.stringify(measured)}, String(process.resourceUsage().maxRSS))`;
    await writeFile(atExit, `process.on("exit", () => ${write});`);
    const main = join(folder, "cli", "main.js");
    const args = ["--require", atExit, main, "review", file, "--output", "json", "--fail-on", "none"];
    return {
        seconds: await seconds(() => command(process.execPath, args)),
        megabytes: Number(await readFile(measured, "utf8")) / 1024,
    };
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await run();
    return (performance.now() - start) / 1000;
}

function median(values: number[]): number {
    return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
