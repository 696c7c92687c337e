import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { LabError } from "../lab/errors";
import { openNamedStack } from "../lab/local/namedStack";
import { openLocalStack } from "../lab/local/stack";
import { previewReport } from "../report/index";

const help = `What the next update of a stack would change, for whoever reviews it.

  npm run report -- --stack NAME               previews a stack of your backend, or the demo's own, "local"
  npm run report -- --stack NAME --file FILE   reads what "pulumi preview --json --show-sames" wrote
    --out FOLDER   writes report.md and report.html there; without it the Markdown is printed
    --limit COUNT  longest Markdown page in characters; without it a pull request comment's
    --rest WORDS   where the whole report will be, for the note at the end of a page that was cut`;

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            stack: { type: "string", short: "s" },
            file: { type: "string" },
            out: { type: "string" },
            rest: { type: "string" },
            limit: { type: "string" },
            help: { type: "boolean" },
        },
    });
    if (values.help || values.stack === undefined) {
        console.log(help);
        process.exitCode = values.help ? 0 : 2;
        return;
    }
    const { stack, file, out, rest } = values;
    if (file !== undefined && !existsSync(file)) {
        throw new LabError(
            `--file ${file}: there is no such file. Give what "pulumi preview --json --show-sames" wrote.`,
        );
    }
    const limit = values.limit === undefined ? undefined : Number(values.limit);
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1000)) {
        throw new LabError(`--limit ${values.limit}: expected a whole number of characters, 1000 or more.`);
    }
    const preview = file === undefined ? await eventsOf(stack) : readFileSync(file, "utf8");
    const pages = previewReport(preview, { stack, now: new Date(), rest, limit });
    if (out === undefined) {
        console.log(pages.markdown);
        return;
    }
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "report.md"), pages.markdown);
    writeFileSync(join(out, "report.html"), pages.html);
}

async function eventsOf(name: string): Promise<EngineEvent[]> {
    // A preview needs the program, and only the demo's is known here.
    const stack = await openNamedStack(name, name === "local" ? openLocalStack : undefined);
    const events: EngineEvent[] = [];
    await stack.preview({ onEvent: (event) => void events.push(event) });
    return events;
}

main().catch((error: unknown) => {
    console.error(error instanceof LabError ? error.message : error);
    process.exitCode = 1;
});
