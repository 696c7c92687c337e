import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { builtBinary } from "../../lab/build/build";
import { cacheRoot } from "../../lab/build/cache";
import { command } from "../../lab/command";

/*
 * Writes docs/recorded-run.md: what the commands of README.md print when they are typed one after the other in a new
 * clone. HOME is new and empty, and so is every cache but the one of what the lab has built. It takes the lab, and ends
 * with taking it down: npm run docs:recorded-run
 */

const ROOT = join(__dirname, "../..");
export const PAGE = join(ROOT, "docs/recorded-run.md");

interface Typed {
    line: string;
    /** In the clone, or in the folder around it. */
    folder: "mesh-egress" | ".";
}

/** The commands in the order in which a new user types them. */
export const TYPED: Typed[] = [
    { folder: "mesh-egress", line: "npm ci && npm run demo" },
    {
        folder: "mesh-egress",
        line: "istioctl analyze --use-kube=false --all-namespaces docs/samples/by-hand.yaml",
    },
    { folder: "mesh-egress", line: "npm run mesh-egress -- review docs/samples/by-hand.yaml" },
    { folder: "mesh-egress", line: "npm run demo -- --down" },
];

/** The other commands of README.md, by the reason why they are not recorded. */
export const NOT_RECORDED: Record<string, string> = {
    "npm ci && npm test": "it is the test suite, which runs for an hour",
    "pulumi new ./mesh-egress/templates/anyCluster/typescript --dir my-egress":
        "it asks questions; `test/engine/templates.test.ts` answers them",
};

interface Recorded extends Typed {
    output: string;
    exitCode: number;
    seconds: number;
}

async function main(): Promise<void> {
    const root = mkdtempSync(join(tmpdir(), "mesh-egress-recorded-"));
    try {
        await command("git", ["clone", "--quiet", "--no-local", ROOT, join(root, "mesh-egress")]);
        const home = join(root, "home");
        const bin = join(root, "bin");
        mkdirSync(home);
        mkdirSync(bin);
        // The programs that a user of these commands has.
        for (const program of ["istioctl", "pulumi"]) {
            symlinkSync(builtBinary(program), join(bin, program));
        }
        const env = {
            HOME: home,
            PATH: [bin, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(
                delimiter,
            ),
            LANG: "C.UTF-8",
            MESH_EGRESS_CACHE: cacheRoot(),
        };
        const recorded: Recorded[] = [];
        for (const typed of TYPED) {
            console.log(`$ ${typed.line}`);
            recorded.push(await type(typed, root, env));
        }
        const clean = (text: string) => text.replaceAll(root, "~").replaceAll(cacheRoot(), "~/.cache/mesh-egress");
        writeFileSync(PAGE, clean(pageOf(recorded)));
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

function type(typed: Typed, root: string, env: NodeJS.ProcessEnv): Promise<Recorded> {
    const started = Date.now();
    return new Promise((resolve, reject) => {
        const child = spawn("sh", ["-c", typed.line], {
            cwd: join(root, typed.folder),
            env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
        }
        child.on("error", reject);
        child.on("close", (exitCode) =>
            resolve({
                ...typed,
                output: stripVTControlCharacters(output),
                exitCode: exitCode ?? -1,
                seconds: Math.round((Date.now() - started) / 1000),
            }),
        );
    });
}

/** The page of a run. */
export function pageOf(recorded: Recorded[]): string {
    const parts = recorded.map(({ line, folder, output, exitCode, seconds }) => {
        const lines = output.replaceAll("\r", "").trimEnd().split("\n");
        // What a step says while it runs; its last line stays.
        const told = lines.filter((one) => !one.startsWith("›") && one.trim() !== "").map((one) => one.trimEnd());
        const prompt = folder === "." ? "~$" : "~/mesh-egress$";
        return `\`\`\`text\n${prompt} ${line}\n${told.join("\n")}\n\`\`\`\n\nIt ended with ${exitCode} after ${seconds} s.\n`;
    });
    return `# A recorded run

After reading this page you know what the commands of the [README](../README.md) print on a machine that has the lab built, but no Docker.

\`npm run docs:recorded-run\` wrote this page. It typed the commands one after the other in a new clone, with a new and empty \`HOME\`. Only
what the lab had built before was kept. Lines that tell of progress are left out.

${parts.join("\n")}
## Not recorded

${Object.entries(NOT_RECORDED)
    .map(([line, reason]) => `- \`${line}\`: ${reason}.`)
    .join("\n")}
`;
}

/** The page as it is committed. */
export function committedPage(): string {
    return readFileSync(PAGE, "utf8");
}

if (require.main === module) {
    void main();
}
