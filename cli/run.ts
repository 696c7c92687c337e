import { basename } from "node:path";
import yargs from "yargs";
import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { FISH_COMPLETION } from "./fishCompletion";
import { kubectlOnPath } from "./input/kubectl";
import { pulumiOnPath } from "./input/pulumi";
import { STDIN } from "./input/readFiles";
import { openStackOfFolder } from "./openStack";
import { packageVersion } from "./packageVersion";
import { commandModule } from "./subcommand";
import { SUBCOMMANDS } from "./subcommands";
import { processTerminal } from "./terminal";

/** The name of yargs' own errors. It throws some of them without a message for the `fail` handler. */
const YARGS_ERROR = "YError";

function wrongArguments(message = "The arguments cannot be used.", [name]: string[]): CommandError {
    const isKnown = SUBCOMMANDS.some(({ command }) => command.split(" ")[0] === name);
    return new CommandError(`${message}\nSee: mesh-egress ${isKnown ? `${name} ` : ""}--help`);
}

const COMPLETION = "completion";

/** The codes that every subcommand ends with. */
const UNUSABLE = 2;

/**
 * Runs `mesh-egress` with these arguments and gives its exit code: 0, 1 for what a subcommand is asked to find, 2 for
 * input or arguments that cannot be used.
 */
export async function run(args: string[], own: Partial<CommandContext> = {}): Promise<number> {
    let code = 0;
    const context: CommandContext = {
        terminal: processTerminal(),
        kubectl: kubectlOnPath,
        openStack: openStackOfFolder,
        pulumi: pulumiOnPath,
        now: new Date(),
        ...own,
        exit: (given) => {
            code = given;
        },
    };
    const { terminal } = context;
    // As yargs chooses between the scripts for bash and zsh.
    if (args.length === 1 && args[0] === COMPLETION && basename(process.env.SHELL ?? "") === "fish") {
        terminal.out(FISH_COMPLETION);
        return code;
    }
    const parser = yargs()
        .scriptName("mesh-egress")
        .usage("$0 <command>")
        .command(SUBCOMMANDS.map((one) => commandModule(one, context)))
        .completion(COMPLETION, "Print the script for tab completion in your $SHELL: add it to ~/.bashrc or ~/.zshrc")
        .demandCommand(1, "Name a command.")
        .strict()
        .recommendCommands()
        .help()
        .alias("help", "h")
        .version(packageVersion())
        .locale("en")
        .wrap(terminal.columns)
        .exitProcess(false)
        .fail((message: string | null, error: Error | undefined) => {
            throw error && error.name !== YARGS_ERROR ? error : wrongArguments(message ?? error?.message, args);
        });
    try {
        // yargs drops a lone dash among positional arguments.
        const given = args.map((one) => (one === "-" ? STDIN : one));
        await parser.parseAsync(given, {}, (_error: Error | undefined, _argv: unknown, output: string) => {
            if (output) {
                terminal.out(output);
            }
        });
        return code;
    } catch (error) {
        if (error instanceof CommandError) {
            terminal.err(error.message);
            return UNUSABLE;
        }
        throw error;
    }
}
