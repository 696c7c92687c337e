import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../../lab/command";
import { compile, temporaryFolder } from "../compiled";
import type { Figure, Part } from "../part";

const ROOT = join(__dirname, "..", "..");
const REPEATS = 9;
const TYPE_CHECKS = 3;

/** Imports of a program, and the imports with which the package is compared. */
const PACKAGE = "mesh-egress";
const PULUMI = "@pulumi/pulumi";
const KUBERNETES = "@pulumi/kubernetes";

/** What one import took, in a process of its own. */
interface Import {
    modules: number;
    megabytes: number;
    milliseconds: number;
}

export const start: Part = {
    name: "start",
    what: "What it takes to import the package, built as it is published",
    run: async (tell) => {
        const consumer = await makeConsumer();
        tell(`importing each ${REPEATS} times, in turns`);
        const imports: Record<string, Import[]> = { [PACKAGE]: [], [PULUMI]: [], [KUBERNETES]: [] };
        for (let repeat = 0; repeat < REPEATS; repeat++) {
            for (const name of Object.keys(imports)) {
                imports[name].push(await importOnce(consumer, name));
            }
        }
        tell(`type-checking each ${TYPE_CHECKS} times, in turns`);
        const checks: Record<string, number[]> = { [PACKAGE]: [], [KUBERNETES]: [], [PULUMI]: [] };
        for (let repeat = 0; repeat < TYPE_CHECKS; repeat++) {
            for (const name of Object.keys(checks)) {
                checks[name].push(await typeCheck(consumer, name));
            }
        }
        const of = (what: keyof Import) => (name: string) => imports[name].map((one) => one[what]);
        return [
            figure("modules", "modules loaded", "count", of("modules"), [PULUMI, KUBERNETES], {
                at: "most",
                value: 899,
            }),
            figure("import", "import", "ms", of("milliseconds"), [PULUMI, KUBERNETES], {
                at: "most",
                value: 1.2,
                over: PULUMI,
            }),
            figure("memory", "memory after the import", "MB", of("megabytes"), [PULUMI, KUBERNETES]),
            figure("type-check", "type check of a program that imports it", "s", (name) => checks[name], [
                KUBERNETES,
                PULUMI,
            ]),
        ];
    },
};

/** A folder with the package as npm would install it, next to this clone's other packages. */
async function makeConsumer(): Promise<string> {
    const folder = await temporaryFolder("start");
    const packages = join(folder, "node_modules");
    await mkdir(join(packages, PACKAGE), { recursive: true });
    for (const name of await readdir(join(ROOT, "node_modules"))) {
        if (!name.startsWith(".")) {
            await symlink(join(ROOT, "node_modules", name), join(packages, name));
        }
    }
    await symlink(join(ROOT, "package.json"), join(packages, PACKAGE, "package.json"));
    const bin = join(packages, PACKAGE, "bin");
    await compile("tsconfig.build.json", bin);
    const outfile = `--outfile=${join(bin, "components", "index.js")}`;
    await command("npm", ["run", "--silent", "bundle", "--", outfile], { cwd: ROOT });
    return folder;
}

async function importOnce(folder: string, name: string): Promise<Import> {
    const script = `
        const start = performance.now();
        require(${JSON.stringify(name)});
        const milliseconds = performance.now() - start;
        const modules = Object.keys(require.cache).length;
        console.log(JSON.stringify({ modules, megabytes: process.memoryUsage().rss / 1048576, milliseconds }));`;
    return JSON.parse(await command(process.execPath, ["-e", script], { cwd: folder })) as Import;
}

async function typeCheck(folder: string, name: string): Promise<number> {
    const file = join(folder, "consumer.ts");
    await writeFile(file, `import * as used from ${JSON.stringify(name)};\nexport default used;\n`);
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node20", "--types", "node"];
    const begin = performance.now();
    await command(process.execPath, [tsc, ...options, file], { cwd: folder });
    return (performance.now() - begin) / 1000;
}

/** The median of the repeats, which one disturbance does not move. */
function figure(
    id: string,
    what: string,
    unit: Figure["unit"],
    values: (name: string) => number[],
    beside: string[],
    goal?: Figure["goal"],
): Figure {
    const ours = median(values(PACKAGE));
    return {
        id,
        what,
        unit,
        ours: round(ours),
        alternatives: Object.fromEntries(beside.map((name) => [name, round(median(values(name)))])),
        better: "less",
        goal,
        spread: round(Math.max(...values(PACKAGE).map((value) => Math.abs(value - ours))) / ours),
    };
}

function median(values: number[]): number {
    return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

function round(value: number): number {
    return Math.round(value * 100) / 100;
}
