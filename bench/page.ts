import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { chart } from "./chart";
import type { Part } from "./part";
import { RESULTS_FILE, Result, Results } from "./results";
import { markdownTable } from "./table";

export const DOCS = join(__dirname, "..", "docs", "bench");
export const PAGE = join(DOCS, "README.md");

type Named = Pick<Part, "name" | "what">;

/** The page with the figures between its marks; what is written by hand around them stays. */
export function withFigures(page: string, parts: Named[], results: Results): string {
    return parts.reduce((text, part) => {
        const [start, end] = [`<!-- ${part.name} -->`, `<!-- /${part.name} -->`];
        const [from, to] = [text.indexOf(start), text.indexOf(end)];
        if (from < 0 || to < from) {
            throw new Error(
                `docs/bench/README.md has no ${start} followed by ${end}: the figures of that part go there.`,
            );
        }
        const figures = results[part.name] ? section(part, results[part.name]) : "Nothing is kept yet.";
        return `${text.slice(0, from + start.length)}\n\n${figures}\n\n${text.slice(to)}`;
    }, page);
}

function section({ name, what }: Named, { date, commit, machine, figures }: Result): string {
    const { cores, processor, memoryGigabytes, system, node } = machine;
    return [
        markdownTable(figures),
        `![${what}](${fileOf(name)})`,
        `Kept on ${date}, commit ${commit}: ${cores} cores (${processor}), ${memoryGigabytes} GB, ${system}, Node ${node}.`,
    ].join("\n\n");
}

/** The drawing of a part. */
export function drawing({ what }: Named, { figures }: Result): string {
    return chart(what, figures);
}

export function fileOf(name: string): string {
    return `${name.replaceAll(" ", "-")}.svg`;
}

/** Keeps the results, and writes what is made of them. */
export async function write(page: string, parts: Named[], results: Results): Promise<void> {
    const pretty = async (file: string, text: string) =>
        format(text, { ...(await resolveConfig(file)), filepath: file });
    await writeFile(RESULTS_FILE, await pretty(RESULTS_FILE, JSON.stringify(results)));
    await writeFile(PAGE, await pretty(PAGE, withFigures(page, parts, results)));
    for (const part of parts.filter(({ name }) => results[name])) {
        await writeFile(join(DOCS, fileOf(part.name)), drawing(part, results[part.name]));
    }
}
