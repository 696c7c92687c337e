import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dump } from "js-yaml";
import { builtBinary } from "../../lab/build/build";
import { attempt } from "../../lab/command";
import { compile, linkPackages, temporaryFolder } from "../compiled";
import { guidesLayout } from "../mesh/guidesLayout";
import type { Figure, Part } from "../part";

const ANALYZE = "istioctl analyze";
const REPEATS = 3;

/** Reviews the guides' layout, each program in turns over the same file. */
export const review: Part = {
    name: "review",
    what: "How long a review of hand-written objects takes, next to istioctl analyze",
    run: async (tell) => {
        const folder = await temporaryFolder("review");
        await compile("tsconfig.build.json", folder);
        await linkPackages(folder);
        await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mesh-egress", version: "0.0.0" }));
        const [small, large] = [await layoutFile(folder, 5_000), await layoutFile(folder, 50_000)];
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let repeat = 0; repeat < REPEATS; repeat++) {
            tell(`5,000 objects, ${repeat + 1} of ${REPEATS}`);
            ours.push((await timed(process.execPath, command(folder, small))).seconds);
            theirs.push((await timed(builtBinary("istioctl"), ["analyze", "--use-kube=false", small])).seconds);
        }
        tell("50,000 objects in one call of the library");
        const { seconds, megabytes } = await inLibrary(folder, large);
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
            figure("50000-objects", "review of 50,000 objects, without reading the file", "s", seconds, 5),
            figure("50000-objects.memory", "memory of that, with the objects", "MB", megabytes, 1024),
        ];
    },
};

function figure(id: string, what: string, unit: Figure["unit"], ours: number, most: number): Figure {
    return { id, what, unit, ours, better: "less", goal: { at: "most", value: most } };
}

async function layoutFile(folder: string, count: number): Promise<string> {
    const objects = Array.from({ length: count }, (_, index) => guidesLayout(`h${index}.partner.example`, 443))
        .flatMap((layout) => layout)
        .slice(0, count);
    const file = join(folder, `objects-${count}.yaml`);
    await writeFile(file, objects.map((object) => dump(object)).join("---\n"));
    await writeFile(`${file}.json`, JSON.stringify(objects));
    return file;
}

function command(folder: string, file: string): string[] {
    return [join(folder, "cli", "main.js"), "review", file, "--output", "json", "--fail-on", "none"];
}

/** Both programs end with something else than 0 where they find something. */
async function timed(program: string, args: string[]): Promise<{ seconds: number; stdout: string }> {
    const start = performance.now();
    const { stdout } = await attempt(program, args);
    return { seconds: (performance.now() - start) / 1000, stdout };
}

async function inLibrary(folder: string, file: string): Promise<{ seconds: number; megabytes: number }> {
    const script = `
        const { review } = require(${JSON.stringify(join(folder, "review"))});
        const objects = JSON.parse(require("node:fs").readFileSync(${JSON.stringify(`${file}.json`)}, "utf8"));
        const start = performance.now();
        const { findings } = review(objects);
        const seconds = (performance.now() - start) / 1000;
        if (findings.length === 0) throw new Error("nothing was found in the guides' layout");
        console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));`;
    const { stdout } = await timed(process.execPath, ["-e", script]);
    return JSON.parse(stdout) as { seconds: number; megabytes: number };
}

function median(values: number[]): number {
    return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
