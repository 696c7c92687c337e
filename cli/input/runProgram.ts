import { execFile } from "node:child_process";
import { CommandError } from "../commandError";

export interface ProgramResult {
    code: number;
    stdout: string;
    stderr: string;
}

/** The largest output that is read, in bytes: a state, or a live cluster with tens of thousands of objects, can be large. */
const MAX_OUTPUT = 1024 ** 3;

export interface ProgramSettings {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** Standard input. */
    input?: string;
    /** Message of the error if the program is not on PATH. */
    missing: string;
}

/** Runs a program to its end, whatever its exit code. */
export function runProgram(
    program: string,
    args: string[],
    { input, missing, ...where }: ProgramSettings,
): Promise<ProgramResult> {
    return new Promise((resolve, reject) => {
        const child = execFile(program, args, { ...where, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
            if (error && (error as NodeJS.ErrnoException).code === "ENOENT") {
                reject(new CommandError(missing));
                return;
            }
            resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
        });
        child.stdin?.on("error", () => {}).end(input);
    });
}
