import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { builtBinary } from "../../lab/build/build";
import { cacheRoot } from "../../lab/build/cache";
import { command } from "../../lab/command";
import { findOnPath } from "../../lab/engine/findOnPath";

/*
 * Writes docs/recorded-run.md: what the commands of README.md print when they are typed one after the other in a new
 * clone. HOME is new and empty, and so is every cache but the one of what the lab has built: npm run docs:recorded-run.
 * With --demo it also takes the lab, brings the demo up in it, and takes it down.
 */

const ROOT = join(__dirname, "../..");
export const PAGE = join(ROOT, "docs/recorded-run.md");

interface Typed {
    line: string;
    /** What of it is typed where the lab is not taken. */
    withoutLab?: string;
}

/** The commands in the order in which a new user types them, in the clone. */
export const TYPED: Typed[] = [
    { line: "npm ci && npm run demo", withoutLab: "npm ci" },
    { line: "istioctl analyze --use-kube=false --all-namespaces docs/samples/by-hand.yaml" },
    { line: "npm run mesh-egress -- review docs/samples/by-hand.yaml" },
];

/** The other commands of README.md, by the reason why they are not recorded. */
export const NOT_RECORDED: Record<string, string> = {
    "npm ci && npm run demo": "it takes the machine's lab; [getting started](getting-started.md) shows what it prints",
    "npm run report -- --stack dev --out report": "it needs an Azure subscription",
    "npm ci && npm test": "it is the test suite, which runs for an hour",
    "pulumi new ./mesh-egress/templates/anyCluster/typescript --dir my-egress":
        "it asks questions; `test/engine/templates.test.ts` answers them",
};

interface Recorded {
    line: string;
    output: string;
    exitCode: number;
    seconds: number;
}

async function main(): Promise<void> {
    const takesLab = process.argv.includes("--demo");
    const root = mkdtempSync(join(tmpdir(), "mesh-egress-recorded-"));
    try {
        await command("git", ["clone", "--quiet", "--no-local", ROOT, join(root, "mesh-egress")]);
        const home = join(root, "home");
        const bin = join(root, "bin");
        mkdirSync(home);
        mkdirSync(bin);
        // The programs that a user of these commands has. The lab's builds are those of one version of Go.
        for (const [program, path] of [
            ...["istioctl", "pulumi"].map((name) => [name, builtBinary(name)]),
            ["go", findOnPath("go") ?? ""],
        ]) {
            symlinkSync(path, join(bin, program));
        }
        const env = {
            HOME: home,
            PATH: [bin, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(
                delimiter,
            ),
            LANG: "C.UTF-8",
            MESH_EGRESS_CACHE: cacheRoot(),
            // The demo downloads nothing then: no address outside this machine is called.
            CI: "true",
            ...ofNetwork(),
        };
        const lines = TYPED.map(({ line, withoutLab }) => (takesLab ? line : (withoutLab ?? line)));
        const recorded: Recorded[] = [];
        for (const line of [...lines, ...(takesLab ? ["npm run demo -- --down"] : [])]) {
            console.log(`$ ${line}`);
            recorded.push(await type(line, join(root, "mesh-egress"), env));
        }
        const clean = (text: string) => text.replaceAll(root, "~").replaceAll(cacheRoot(), "~/.cache/mesh-egress");
        writeFileSync(PAGE, clean(pageOf(recorded)));
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

/** What programs need in order to reach a package registry from this machine. */
function ofNetwork(): NodeJS.ProcessEnv {
    const names = /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|(https?|no)_proxy)$/i;
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
}

function type(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Recorded> {
    const started = Date.now();
    return new Promise((resolve, reject) => {
        const child = spawn("sh", ["-c", line], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
        }
        child.on("error", reject);
        child.on("close", (exitCode) =>
            resolve({
                line,
                output: stripVTControlCharacters(output),
                exitCode: exitCode ?? -1,
                seconds: Math.round((Date.now() - started) / 1000),
            }),
        );
    });
}

/** The page of a run. */
export function pageOf(recorded: Recorded[]): string {
    const parts = recorded.map(({ line, output, exitCode, seconds }) => {
        const lines = output.replaceAll("\r", "").trimEnd().split("\n");
        // Not what a step says while it runs, nor what npm has to say of itself.
        const told = lines.filter((one) => !/^([›❯]|npm notice|$)/.test(one.trim())).map((one) => one.trimEnd());
        return `\`\`\`text\n$ ${line}\n${told.join("\n")}\n\`\`\`\n\nIt ended with ${exitCode} after ${seconds} s.\n`;
    });
    return `# A recorded run

After reading this page you can tell whether the commands of the [README](../README.md) print on your machine what they should.

\`npm run docs:recorded-run\` wrote this page. It typed the commands one after the other in a new clone, with a new and empty \`HOME\`. What
the lab had built before was kept; Pulumi's engine, \`istioctl\` and Go were on \`PATH\`. With \`CI=true\`, nothing was downloaded from Pulumi. Lines
that tell of progress are left out.

${parts.join("\n")}
## Not recorded

${Object.entries(NOT_RECORDED)
    .filter(([line]) => recorded.every((one) => one.line !== line))
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
