import { CommandError } from "../commandError";
import { CommandContext } from "../context";
import { kubectlIn } from "./kubectl";
import { readCluster } from "./readCluster";
import { ReadObjects, readFiles } from "./readFiles";

/** The options of a command that takes files or a live cluster. */
export interface InputArguments {
    files?: string[];
    cluster?: boolean;
    context?: string;
    kubeconfig?: string;
}

/** The objects that the arguments name. `verb` is what the command does with them. */
export async function readInput(context: CommandContext, args: InputArguments, verb: string): Promise<ReadObjects> {
    const { files = [], cluster } = args;
    if (cluster && files.length > 0) {
        throw new CommandError("FILES and --cluster cannot be used together. Pass one of the two.");
    }
    if (cluster) {
        return readCluster(kubectlIn(context.kubectl, args));
    }
    if (files.length === 0) {
        throw new CommandError(`Nothing to ${verb}. Pass files or folders, - for standard input, or --cluster.`);
    }
    return readFiles(files, context.terminal);
}
