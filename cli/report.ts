import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineEvent } from "@pulumi/pulumi/automation";
import { PreviewError, previewReport } from "../report/index";
import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { Subcommand } from "./subcommand";

interface ReportArguments {
    stack: string;
    file?: string;
    out?: string;
    limit?: number;
    rest?: string;
}

const SHORTEST_PAGE = 1000;

/** `mesh-egress report`: what the next update of a stack would change, as pages for a reviewer. */
export const reportCommand: Subcommand<ReportArguments> = {
    options: (yargs) =>
        yargs
            .options({
                stack: { alias: "s", type: "string", requiresArg: true, demandOption: true, describe: "The stack" },
                file: {
                    type: "string",
                    requiresArg: true,
                    describe: "Read the output of pulumi preview --json --show-sames, instead of running a preview",
                },
                out: {
                    type: "string",
                    requiresArg: true,
                    describe: "Folder for report.md and report.html. Default: print the Markdown",
                },
                limit: {
                    type: "number",
                    requiresArg: true,
                    describe:
                        "Maximum length of the Markdown page, in characters. Default: the limit of a pull request comment",
                },
                rest: {
                    type: "string",
                    requiresArg: true,
                    describe: "URL of the complete report, for the note at the end of a shortened page",
                },
            })
            .example("$0 report --stack dev", "preview the stack, print the Markdown"),
    run: report,
};

async function report(context: CommandContext, { stack, file, out, limit, rest }: ReportArguments): Promise<number> {
    if (file !== undefined && !existsSync(file)) {
        throw new CommandError(
            `--file ${file}: the file does not exist. Pass the output of "pulumi preview --json --show-sames".`,
        );
    }
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= SHORTEST_PAGE)) {
        throw new CommandError(`--limit must be a whole number of characters, at least ${SHORTEST_PAGE}.`);
    }
    const preview = file === undefined ? await previewOf(context, stack) : readFileSync(file, "utf8");
    try {
        const pages = previewReport(preview, { stack, now: context.now, rest, limit });
        if (out === undefined) {
            context.terminal.out(pages.markdown);
        } else {
            mkdirSync(out, { recursive: true });
            writeFileSync(join(out, "report.md"), pages.markdown);
            writeFileSync(join(out, "report.html"), pages.html);
        }
        return 0;
    } catch (error) {
        throw error instanceof PreviewError ? new CommandError(error.message) : error;
    }
}

async function previewOf(context: CommandContext, name: string): Promise<EngineEvent[]> {
    const stack = await context.openStack(name);
    const events: EngineEvent[] = [];
    await stack.preview({ onEvent: (event) => void events.push(event) });
    return events;
}
