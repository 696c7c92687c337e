import { runPulumi } from "../cli/input/pulumi";
import { run } from "../cli/run";
import { LabError } from "./errors";
import { namedEngine, openNamedStack } from "./local/namedStack";
import { openLocalStack } from "./local/stack";

/*
 * The command `mesh-egress` with the engine of this machine, which may be built here, and for the stack that the demo keeps
 * next to its cluster.
 */

run(process.argv.slice(2), {
    openStack: (name) => openNamedStack(name, openLocalStack),
    pulumi: (name) => async (args, input) => {
        const { command, cwd, env, ofStack } = await namedEngine(name, openLocalStack);
        return runPulumi(command, [...args, ...ofStack], { cwd, env: { ...process.env, ...env } }, input);
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
