import { CommandError } from "./commandError";
import { StackHandle } from "./context";
import { engineReasonIn } from "./input/printed";

/** Opens a stack of the working folder's project with the `pulumi` on PATH. */
export async function openStackOfFolder(name: string): Promise<StackHandle> {
    // Loaded only here: it takes longer than everything else that a command does.
    const { LocalWorkspace, PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
    const pulumiCommand = await PulumiCommand.get().catch(() => {
        throw new CommandError(
            "pulumi is not on PATH, but this command reads the stack with it. Install the Pulumi CLI.",
        );
    });
    try {
        return await LocalWorkspace.selectStack({ stackName: name, workDir: process.cwd() }, { pulumiCommand });
    } catch (error) {
        throw new CommandError(
            `--stack ${name} cannot be opened: ${reasonOf(error)}. Run the command in the folder of the project's Pulumi.yaml, and list its stacks with: pulumi stack ls`,
        );
    }
}

/** The engine's own words, without the output around them. */
function reasonOf(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return engineReasonIn(text).trim().slice(0, 300).replace(/\.$/, "");
}
