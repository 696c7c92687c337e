import { ProgramResult, runProgram } from "./runProgram";

/** Runs kubectl with these arguments to its end; `input` is its standard input. */
export type RunKubectl = (args: string[], input?: string) => Promise<ProgramResult>;

/** The `kubectl` on PATH. */
export const kubectlOnPath: RunKubectl = (args, input) =>
    runProgram("kubectl", args, {
        input,
        missing:
            "kubectl is not on PATH, but this command reads the live cluster with it. Install kubectl, or pass files instead of --cluster.",
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
