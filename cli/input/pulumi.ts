import { execFile } from "node:child_process";
import { CommandError } from "../commandError";

export interface PulumiResult {
    code: number;
    stdout: string;
    stderr: string;
}

/** Runs the engine's command for one stack, to its end; `input` is its standard input. It is asked nothing. */
export type RunPulumi = (args: string[], input?: string) => Promise<PulumiResult>;

/** The largest output that is read, in bytes: a state can be large. */
const MAX_OUTPUT = 1024 ** 3;

/** The `pulumi` on PATH, in the working folder's project. */
export function pulumiOnPath(stack: string): RunPulumi {
    return (args, input) => runPulumi("pulumi", [...args, "--stack", stack], {}, input);
}

/** Runs a binary of the engine. */
export function runPulumi(
    command: string,
    args: string[],
    where: { cwd?: string; env?: NodeJS.ProcessEnv },
    input?: string,
): Promise<PulumiResult> {
    return new Promise((resolve, reject) => {
        const all = [...args, "--non-interactive"];
        const child = execFile(command, all, { ...where, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
            if (error && (error as NodeJS.ErrnoException).code === "ENOENT") {
                reject(
                    new CommandError(
                        "pulumi is not on PATH, but this command reads the stack with it. Install the Pulumi CLI.",
                    ),
                );
                return;
            }
            resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
        });
        child.stdin?.on("error", () => {}).end(input);
    });
}
