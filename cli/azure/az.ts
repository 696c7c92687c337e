import { execFile } from "node:child_process";
import { withoutKeys } from "../../plan/shared/shownValue";
import { CommandError } from "../commandError";

/** Runs `az` with these arguments and gives what it prints, parsed; fails with what it says on standard error. */
export type RunAz = (args: string[]) => Promise<unknown>;

/** `az` ended with an error, in most cases because no account is logged in or a role is missing. */
export class AzError extends Error {
    override name = "AzError";
}

/** `az vm list-skus` writes some megabytes. */
const MAX_OUTPUT = 256 * 1024 ** 2;

/** The Azure CLI on PATH; it is asked for JSON, whatever the user's default output is. */
export const azOnPath: RunAz = async (args) => answerOf(args, await onPath("az", [...args, "--output", "json"]));

/** What `az` answered, parsed. */
export function answerOf(args: string[], { error, stdout, stderr }: Outcome): unknown {
    if (error?.code === "ENOENT") {
        throw new CommandError("az is not on PATH, but this command reads Azure with it. Install the Azure CLI.");
    }
    if (error) {
        const [reason] = stderr.replace(/^(ERROR|WARNING): /, "").split("\n");
        // az repeats parts of requests, which may be secret.
        throw new AzError(withoutKeys(reason).slice(0, 300));
    }
    try {
        return JSON.parse(stdout) as unknown;
    } catch {
        throw new AzError(`${commandOf(args)} did not print JSON`);
    }
}

/** The command for a message, without its options. */
export function commandOf(args: string[]): string {
    return `az ${args.join(" ").split(" --")[0]}`;
}

/** Whether a program is on PATH and runs. */
export async function isOnPath(program: string): Promise<boolean> {
    const { error } = await onPath(program, ["--version"]);
    return error?.code !== "ENOENT";
}

interface Outcome {
    error: NodeJS.ErrnoException | undefined;
    stdout: string;
    stderr: string;
}

function onPath(program: string, args: string[]): Promise<Outcome> {
    return new Promise((resolve) => {
        execFile(program, args, { maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) =>
            resolve({ error: (error as NodeJS.ErrnoException | null) ?? undefined, stdout, stderr }),
        );
    });
}
