import type { Argv, CommandModule } from "yargs";
import type { CommandContext } from "./context";

/** A subcommand, as one file of this folder declares it. */
export interface Subcommand<Arguments> {
    /** Name and positional arguments, for example `review [files..]`. */
    command: string;
    /** One sentence for the list of commands, in the imperative. */
    describe: string;
    /** Declares the options; yargs writes them in camelCase into `Arguments`. */
    options: (yargs: Argv) => Argv;
    /** Runs the subcommand and gives its exit code. */
    run: (context: CommandContext, args: Arguments) => Promise<number>;
}

/** The subcommand for yargs. */
export function commandModule<Arguments>(
    { command, describe, options, run }: Subcommand<Arguments>,
    context: CommandContext,
): CommandModule {
    return {
        command,
        describe,
        builder: options,
        handler: async (args) => context.exit(await run(context, args as Arguments)),
    };
}
