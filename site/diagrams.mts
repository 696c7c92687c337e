import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MarkdownRenderer } from "vitepress";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..", "docs", "images", "diagrams");

/** Where the drawing of a Mermaid diagram is kept; another text has another drawing. Made by: npm run docs:diagrams */
export function drawingOf(text: string): string {
    return join(FOLDER, `${createHash("sha256").update(text.trim()).digest("hex").slice(0, 12)}.svg`);
}

/** Shows Mermaid diagrams as pictures. GitHub draws them itself; the site has their drawings in its pages and runs no script for them. */
export function showDiagrams(markdown: MarkdownRenderer): void {
    const { fence } = markdown.renderer.rules;
    markdown.renderer.rules.fence = (tokens, index, ...rest) => {
        const { info, content } = tokens[index];
        const file = drawingOf(content);
        if (info.trim() !== "mermaid" || !existsSync(file)) {
            return fence?.(tokens, index, ...rest) ?? "";
        }
        const picture = readFileSync(file).toString("base64");
        return `<p><img alt="Diagram" style="background:#fff;padding:12px;border-radius:8px" src="data:image/svg+xml;base64,${picture}"></p>\n`;
    };
}
