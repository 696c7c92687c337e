import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { fields, text } from "../review/fields";
import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { CLUSTER_OPTIONS, RunKubectl, kubectlIn } from "./input/kubectl";
import { engineReasonIn, otherForm, printedJson, reasonIn } from "./input/printed";
import { RunPulumi } from "./input/pulumi";
import { ProgramResult } from "./input/runProgram";
import { textOrJson } from "./options";
import { CUT_ATTRIBUTES, cutAttributes } from "./recover/cutAttributes";
import { idOf, readState } from "./recover/exportedState";
import { HelmRecord, markedAsFailed, statusOf } from "./recover/helmRecord";
import { recoveredState } from "./recover/recoveredState";
import { Recovery, findRecovery } from "./recover/recovery";
import { recoveryText } from "./recover/text";
import { Subcommand } from "./subcommand";

interface RecoverArguments {
    stack: string;
    yes?: boolean;
    context?: string;
    kubeconfig?: string;
    output: "text" | "json";
}

/** `mesh-egress recover`: prepares a stack for the next update after one was killed. */
export const recoverCommand: Subcommand<RecoverArguments> = {
    options: (yargs) =>
        yargs
            .options({
                stack: { alias: "s", type: "string", requiresArg: true, demandOption: true, describe: "The stack" },
                yes: {
                    alias: "y",
                    type: "boolean",
                    describe: "Make the changes. Without it, the command only reads, and says what it would do",
                },
                ...CLUSTER_OPTIONS,
                output: textOrJson("Output format"),
            })
            .example("$0 recover --stack prod", "show what the killed update left behind")
            .example("$0 recover --stack prod --yes", "add it to the state; then: pulumi up")
            .epilogue(
                "Deletes nothing. Use it only when no update of the stack is running. Exit code: without --yes, 1 if there is something to recover; 2 if the state or the cluster cannot be used.",
            ),
    run: recover,
};

async function recover(context: CommandContext, args: RecoverArguments): Promise<number> {
    const { terminal } = context;
    const kubectl = kubectlIn(context.kubectl, args);
    const pulumi = context.pulumi(args.stack);
    let exported = await pulumi(["stack", "export"]);
    const cut = await cutOff(context, args.stack, exported);
    if (cut.length > 0) {
        if (!args.yes) {
            terminal.out(cutText(args, cut));
            return 1;
        }
        await Promise.all(cut.map((file) => rm(file)));
        exported = await pulumi(["stack", "export"]);
    }
    const state = readState(expectSuccess(exported, ["stack", "export"]).stdout);
    const recovery = await findRecovery(kubectl, state);
    const isClean = Object.values(recovery).every((list: unknown[]) => list.length === 0);
    if (args.yes) {
        // First, because it refuses a damaged record.
        const failedRecords = recovery.stuckReleases.map(markedAsFailed);
        // Also where nothing is left behind: a lock may be.
        await importState(pulumi, args.stack, JSON.stringify(isClean ? state : recoveredState(state, recovery)));
        await writeRecords(kubectl, failedRecords);
        await refresh(pulumi, recovery);
    }
    if (args.output === "json") {
        terminal.out(JSON.stringify(forPrograms(recovery, args.yes ?? false), null, 2));
    } else {
        const found = isClean ? `No operation of the stack ${args.stack} is pending.` : recoveryText(recovery);
        terminal.out(`${found}\n\n${args.yes ? "Done. Continue with: pulumi up" : nextStep(args, isClean)}`);
    }
    return args.yes || isClean ? 0 : 1;
}

/** Cut files that keep the engine from reading the state; none if it reads it, or cannot for another reason. */
async function cutOff(
    { pulumi }: CommandContext,
    stack: string,
    { code, stdout, stderr }: ProgramResult,
): Promise<string[]> {
    if (code === 0 || !CUT_ATTRIBUTES.test(stdout + stderr)) {
        return [];
    }
    const backend = await succeed(pulumi(), ["whoami", "--verbose", "--json"]);
    const url = text(fields(printedJson("pulumi whoami", backend.stdout)).url);
    if (url === undefined) {
        throw otherForm("pulumi whoami");
    }
    return cutAttributes(url, stack);
}

/** Names the cut files, as text or as JSON. */
function cutText({ stack, output }: RecoverArguments, cut: string[]): string {
    return output === "json"
        ? JSON.stringify({ done: false, cut }, null, 2)
        : `The engine was killed while it wrote the attributes of the state, and cannot read the state without them. The state is whole. These files will be removed:\n${cut.map((file) => `  ${file}`).join("\n")}\n\nNothing was changed. When no update of this stack is running: mesh-egress recover --stack ${stack} --yes`;
}

function nextStep({ stack }: RecoverArguments, isClean: boolean): string {
    const command = `mesh-egress recover --stack ${stack} --yes`;
    return isClean
        ? `If the next update says that the stack is locked, and none is running: ${command}`
        : `Nothing was changed. When no update of this stack is running: ${command}`;
}

/** Writes the state, and removes the lock of an update that no longer runs. */
async function importState(pulumi: RunPulumi, stack: string, state: string): Promise<void> {
    const run = () => pulumi(["stack", "import"], state);
    let result = await run();
    if (result.code !== 0 && /locked/i.test(result.stderr)) {
        refuseIfRunning(result.stderr, stack);
        await succeed(pulumi, ["cancel", "--yes"]);
        result = await run();
    }
    expectSuccess(result, ["stack", "import"]);
}

/** An update of this machine that still runs would go on writing the state. */
function refuseIfRunning(lock: string, stack: string): void {
    for (const [, host, pid] of lock.matchAll(/@(\S+) \(pid (\d+)\)/g)) {
        if (host === hostname() && isAlive(Number(pid))) {
            throw new CommandError(
                `An update of ${stack} is still running on this machine (pid ${pid}). Wait until it ends, or stop it, and run the command again.`,
            );
        }
    }
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}

async function writeRecords(kubectl: RunKubectl, records: HelmRecord[]): Promise<void> {
    for (const record of records) {
        // With the version that was read: Helm may have gone on in between, and then this fails.
        const { code, stderr } = await kubectl(["replace", "-f", "-"], JSON.stringify(record));
        if (code !== 0) {
            throw new CommandError(
                `kubectl cannot write ${record.metadata.namespace}/${record.metadata.name}: ${reasonIn(stderr)}. Run the command again as a user who may change Secrets there.`,
            );
        }
    }
}

/** What the cluster added to the objects that the state took up. */
async function refresh(pulumi: RunPulumi, { unrecorded }: Recovery): Promise<void> {
    if (unrecorded.length > 0) {
        const targets = unrecorded.flatMap(({ resource }) => ["--target", resource.urn]);
        await succeed(pulumi, ["refresh", "--yes", "--skip-preview", ...targets]);
    }
}

async function succeed(pulumi: RunPulumi, args: string[]): Promise<ProgramResult> {
    return expectSuccess(await pulumi(args), args);
}

function expectSuccess(result: ProgramResult, args: string[]): ProgramResult {
    if (result.code !== 0) {
        const reason = engineReasonIn(`${result.stderr}\n${result.stdout}`);
        throw new CommandError(
            `pulumi ${args.slice(0, 2).join(" ")} failed: ${reason}. Run the command in the folder of the project's Pulumi.yaml.`,
        );
    }
    return result;
}

/** The same for programs. No value of an object is in it. */
function forPrograms({ unrecorded, stuckReleases, toRepeat, foreign, elsewhere }: Recovery, done: boolean) {
    const pending = ({ resource, type }: Recovery["toRepeat"][number]) => ({ urn: resource.urn, operation: type });
    return {
        done,
        unrecorded: unrecorded.map(({ resource, object }) => ({ urn: resource.urn, id: idOf(object) })),
        stuckReleases: stuckReleases.map((one) => ({
            id: `${one.metadata.namespace}/${one.metadata.labels["name"]}`,
            status: statusOf(one),
        })),
        toRepeat: toRepeat.map(pending),
        foreign: foreign.map(({ object, why }) => ({ kind: object.kind, id: idOf(object), why })),
        elsewhere: elsewhere.map(pending),
    };
}
