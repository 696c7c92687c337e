import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { builtBinary } from "../../lab/build/build";
import { openBrowser } from "./browser";

/*
 * The drawings of the Mermaid diagrams in README.md and docs/, for the site. As a program it makes them:
 * npm run docs:diagrams. Needs Chromium and Mermaid: npm run lab -- build extra.
 */

const ROOT = join(__dirname, "../..");

/** The text of each diagram, by its page and place. */
export function diagrams(): { page: string; text: string }[] {
    const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
    const pages = ["README.md", ...docs.filter((file) => file.endsWith(".md")).map((file) => join("docs", file))];
    return pages.sort().flatMap((page) =>
        [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```mermaid\n([^]*?)^```/gm)].map(([, text]) => ({
            page,
            text,
        })),
    );
}

/** The file of a diagram's drawing, as the site looks for it. */
export async function drawingFile(text: string): Promise<string> {
    // Node.js strips the types of this module itself.
    const module = pathToFileURL(join(ROOT, "site", "diagrams.mts")).href;
    const { drawingOf } = (await import(module)) as { drawingOf: (text: string) => string };
    return drawingOf(text);
}

async function main(): Promise<void> {
    const chromium = await openBrowser(builtBinary("chromium"));
    const files: string[] = [];
    try {
        const page = await chromium.newPage();
        await page.setContent("<body></body>");
        await page.addScriptTag({ path: builtBinary("mermaid") });
        await page.evaluate(
            'mermaid.initialize({ startOnLoad: false, theme: "neutral", htmlLabels: false, flowchart: { htmlLabels: false } })',
        );
        for (const [index, { text }] of diagrams().entries()) {
            const drawing = `mermaid.render("diagram${index}", ${JSON.stringify(text)}).then(({ svg }) => new XMLSerializer().serializeToString(new DOMParser().parseFromString(svg, "text/html").querySelector("svg")))`;
            const svg = String(await page.evaluate(drawing));
            const file = await drawingFile(text);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, `${svg}\n`);
            files.push(file);
        }
        const folder = dirname(files[0]);
        for (const old of readdirSync(folder).map((name) => join(folder, name))) {
            if (!files.includes(old)) {
                rmSync(old);
            }
        }
        files.forEach((file) => console.log(relative(ROOT, file)));
    } finally {
        await chromium.close();
    }
}

if (require.main === module) {
    main().catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
    });
}
