import { spawn } from "node:child_process";

export interface CommandOptions {
    cwd?: string;
    env?: Record<string, string>;
    input?: string;
    /** Ends the program after so many milliseconds. */
    timeout?: number;
    /** Called with the last line of each piece of output, for progress. */
    onLine?: (line: string) => void;
}

export interface Output {
    stdout: string;
    stderr: string;
    exitCode: number;
}

/** A program ended with an exit code other than 0. The message ends with the program's last output. */
export class CommandError extends Error {
    override name = "CommandError";
    constructor(program: string, args: readonly string[], output: Output) {
        const said = `${output.stdout}\n${output.stderr}`.trim().split("\n").slice(-15).join("\n");
        super(`${[program, ...args].join(" ")} ended with ${output.exitCode}\n${said}`);
    }
}

/** Runs a program to its end, whatever its exit code. */
export function attempt(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Output> {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd: options.cwd,
            env: { ...process.env, ...options.env },
            stdio: "pipe",
            timeout: options.timeout,
        });
        const output = { stdout: "", stderr: "" };
        for (const name of ["stdout", "stderr"] as const) {
            child[name].setEncoding("utf8").on("data", (text: string) => {
                output[name] += text;
                options.onLine?.(text.trim().split("\n").at(-1) ?? "");
            });
        }
        // A program that ends without reading its input is not an error here.
        child.stdin.on("error", () => {}).end(options.input);
        child.once("error", reject);
        child.once("close", (code) => resolve({ ...output, exitCode: code ?? -1 }));
    });
}

/** Runs a program that must end with exit code 0, and returns its standard output. */
export async function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
    const output = await attempt(program, args, options);
    if (output.exitCode !== 0) throw new CommandError(program, args, output);
    return output.stdout;
}
