import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { endWhenInterrupted } from "./takeDown";

export interface ChildOptions {
    /** For the error: what did not succeed. Default: the command line. */
    what?: string;
    input: string;
    /** Told the process's id as soon as it has one. */
    onStart?: (pid: number) => void;
}

/** What a program printed, and how long it took from its start to its end. */
export interface Ended {
    stdout: string;
    seconds: number;
}

/** Runs a program that must end with 0, and ends it when the part is interrupted. */
export async function runChild(program: string, args: string[], options: ChildOptions): Promise<Ended> {
    const { what = [program, ...args].join(" "), input, onStart } = options;
    const start = performance.now();
    const child = spawn(program, args, { stdio: "pipe" });
    endWhenInterrupted(child);
    const ended = new Promise<number | null>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", resolve);
    });
    if (child.pid !== undefined) {
        onStart?.(child.pid);
    }
    // The exit code tells if the program ended before it read its input.
    child.stdin.on("error", () => undefined).end(input);
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) {
        throw new Error(`${what} failed:\n${stderr.trim().slice(-3000)}`);
    }
    return { stdout, seconds: (performance.now() - start) / 1000 };
}
