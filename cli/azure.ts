import { missingPrerequisites } from "../plan/azure/prerequisites";
import { askAzure } from "./azure/askAzure";
import { azOnPath, isOnPath } from "./azure/az";
import { readStackFile } from "./azure/stackFile";
import { CommandContext } from "./context";
import { textOrJson } from "./options";
import { Subcommand } from "./subcommand";

interface AzureArguments {
    file: string;
    output: "text" | "json";
}

/** `mesh-egress azure check`: what is missing on Azure before the first update of a stack. */
export const azureCommand: Subcommand<AzureArguments> = {
    options: (yargs) =>
        yargs
            .positional("action", { choices: ["check"], describe: "What to do" })
            .positional("file", { type: "string", describe: "The stack's settings, such as stacks/Pulumi.dev.yaml" })
            .options({
                output: textOrJson("Form of the list"),
            })
            .epilogue(
                "Reads the account and the subscription of az. Exit code: 1 if something is missing or could not be read.",
            ),
    run: check,
};

async function check({ terminal }: CommandContext, { file, output }: AzureArguments): Promise<number> {
    const { needs, violations } = readStackFile(file);
    const { state, unanswered } = await askAzure(azOnPath, needs, await isOnPath("kubelogin"));
    const missing = missingPrerequisites(needs, state);
    const isReady = violations.length + missing.length + unanswered.length === 0;
    if (output === "json") {
        terminal.out(JSON.stringify({ ready: isReady, violations, missing, unanswered }, null, 2));
        return isReady ? 0 : 1;
    }
    const { bold } = terminal.colors;
    const part = (title: string, lines: string[]) => (lines.length > 0 ? [bold(title), ...lines, ""] : []);
    terminal.out(
        isReady
            ? `Azure has everything that ${file} needs in ${needs.location}.`
            : [
                  ...part(`${file}:`, violations),
                  ...part(
                      "Missing on Azure:",
                      missing.map(({ what, fix }) => `${what}.\n    ${fix}`),
                  ),
                  ...part("Could not be read:", unanswered),
              ]
                  .join("\n")
                  .trimEnd(),
    );
    return isReady ? 0 : 1;
}
