import { ProgramResult, runProgram } from "./runProgram";

/** Runs the engine's command to its end; `input` is its standard input. It is asked nothing. */
export type RunPulumi = (args: string[], input?: string) => Promise<ProgramResult>;

/** The `pulumi` on PATH, in the working folder's project, for a stack if there is one. */
export function pulumiOnPath(stack?: string): RunPulumi {
    const ofStack = stack === undefined ? [] : ["--stack", stack];
    return (args, input) => runPulumi("pulumi", [...args, ...ofStack], {}, input);
}

/** Runs a binary of the engine. */
export function runPulumi(
    command: string,
    args: string[],
    where: { cwd?: string; env?: NodeJS.ProcessEnv },
    input?: string,
): Promise<ProgramResult> {
    return runProgram(command, [...args, "--non-interactive"], {
        ...where,
        input,
        missing: "pulumi is not on PATH, but this command reads the stack with it. Install the Pulumi CLI.",
    });
}
