import { runPulumi } from "../cli/input/pulumi";
import { run } from "../cli/run";
import { LabError } from "./errors";
import { openNamedStack } from "./local/namedStack";
import { openLocalStack } from "./local/stack";

/*
 * The command `mesh-egress` with the engine of this machine, which may be built here, and for the stack that the demo keeps
 * next to its cluster.
 */

run(process.argv.slice(2), {
    openStack: (name) => openNamedStack(name, openLocalStack),
    pulumi: (name) => async (args, input) => {
        const { name: ownName, workspace } = await openNamedStack(name, openLocalStack);
        const { envVars, pulumiCommand, workDir } = workspace;
        const env = { ...process.env, ...envVars };
        return runPulumi(pulumiCommand.command, [...args, "--stack", ownName], { cwd: workDir, env }, input);
    },
}).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        console.error(error instanceof LabError ? error.message : error);
        process.exitCode = 1;
    },
);
