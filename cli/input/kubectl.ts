import { execFile } from "node:child_process";
import { CommandError } from "../commandError";

export interface KubectlResult {
    code: number;
    stdout: string;
    stderr: string;
}

/** Runs kubectl with these arguments to its end; `input` is its standard input. */
export type RunKubectl = (args: string[], input?: string) => Promise<KubectlResult>;

/** The largest output that is read, in bytes: a live cluster can have tens of thousands of objects. */
const MAX_OUTPUT = 1024 ** 3;

/** The `kubectl` on PATH. */
export const kubectlOnPath: RunKubectl = (args, input) =>
    new Promise((resolve, reject) => {
        const child = execFile("kubectl", args, { maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
            if (error && (error as NodeJS.ErrnoException).code === "ENOENT") {
                reject(
                    new CommandError(
                        "kubectl is not on PATH, but this command reads the live cluster with it. Install kubectl, or pass files instead of --cluster.",
                    ),
                );
                return;
            }
            resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
        });
        child.stdin?.on("error", () => {}).end(input);
    });

/** kubectl in a chosen context of a kubeconfig; without either, in the current context. */
export function kubectlIn(run: RunKubectl, choice: { context?: string; kubeconfig?: string }): RunKubectl {
    const selection = [
        ...(choice.context ? ["--context", choice.context] : []),
        ...(choice.kubeconfig ? ["--kubeconfig", choice.kubeconfig] : []),
    ];
    return (args, input) => run([...selection, ...args], input);
}

/** Options of every command that reads a live cluster. */
export const CLUSTER_OPTIONS = {
    context: { type: "string", requiresArg: true, describe: "Context of the kubeconfig. Default: the current one" },
    kubeconfig: { type: "string", requiresArg: true, describe: "Path of a kubeconfig. Default: kubectl's own default" },
} as const;
