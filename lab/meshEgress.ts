import { run } from "../cli/run";
import { LabError } from "./errors";
import { openNamedStack } from "./local/namedStack";
import { openLocalStack, openProofStack } from "./local/stack";

/*
 * The command `mesh-egress` with the engine of this machine, which may be built here, and for the stacks that the demo and
 * the tests keep next to their cluster.
 */

run(process.argv.slice(2), {
    openStack: (name) =>
        openNamedStack(name, (engine, plugins, cluster) =>
            name === "local"
                ? openLocalStack(engine, plugins, cluster)
                : openProofStack(engine, plugins, cluster, name, () => Promise.resolve()),
        ),
}).then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        console.error(error instanceof LabError ? error.message : error);
        process.exitCode = 1;
    },
);
