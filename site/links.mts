import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { MarkdownRenderer } from "vitepress";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where the repository is: known in a GitHub workflow. Elsewhere links to its files are their text only. */
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
const REPOSITORY = GITHUB_REPOSITORY && `${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}`;

/** The anchor of a heading, as GitHub makes it: links in the pages are written for it. */
export function slugify(heading: string): string {
    return heading
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-");
}

/** Turns links between files of the repository into links between pages of the site, or to the repository. */
export function linkToSite(markdown: MarkdownRenderer, pages: Record<string, string>): void {
    const places = new Set(Object.values(pages));
    markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
        const { realPath, path } = env as { realPath?: string; path: string };
        const folder = dirname(relative(ROOT, realPath ?? path));
        for (const { children } of tokens) {
            for (const [index, token] of (children ?? []).entries()) {
                const target = token.type === "link_open" ? (token.attrGet("href") ?? "") : "";
                if (target === "" || /^([a-z]+:|#|\/)/.test(target)) {
                    continue;
                }
                const [file, anchor] = target.split("#");
                const found = join(folder, decodeURI(file)).replace(/\/$/, "");
                const place = pages[found] ?? pages[`${found}/README.md`];
                const end = anchor ? `#${anchor}` : "";
                if (place && places.has(place)) {
                    token.attrSet("href", `/${place}${end}`);
                } else if (REPOSITORY) {
                    token.attrSet("href", `${REPOSITORY}/blob/main/${found}${end}`);
                } else {
                    asText(children ?? [], index);
                }
            }
        }
    });
}

/** Leaves of a link its text. */
function asText(tokens: { type: string; tag: string; hidden: boolean; content: string }[], open: number): void {
    const close = tokens.findIndex(({ type }, index) => index > open && type === "link_close");
    for (const index of [open, close]) {
        Object.assign(tokens[index], { type: "text", tag: "", nesting: 0, content: "", attrs: null });
    }
}
