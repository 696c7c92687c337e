import { Argv, CommandModule } from "yargs";
import { CommandContext } from "./context";

/** The options of a subcommand and what it does, as one file of this folder declares them. */
export interface Subcommand<Arguments> {
    /** Declares the options; yargs writes them in camelCase into `Arguments`. */
    options: (yargs: Argv) => Argv;
    /** Runs the subcommand and gives its exit code. */
    run: (context: CommandContext, args: Arguments) => Promise<number>;
}

/** A subcommand in the list of commands. Its file is loaded only when it is called: the others take longer than it runs. */
export interface ListedSubcommand {
    /** Name and positional arguments, for example `review [files..]`. */
    command: string;
    /** One sentence for the list of commands, in the imperative. */
    describe: string;
    load: () => Subcommand<never>;
}

/** The subcommand for yargs. */
export function commandModule({ command, describe, load }: ListedSubcommand, context: CommandContext): CommandModule {
    return {
        command,
        describe,
        builder: (yargs) => load().options(yargs),
        handler: async (args) => context.exit(await load().run(context, args as never)),
    };
}
