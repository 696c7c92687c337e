import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join, posix } from "node:path";
import type { Page } from "puppeteer-core";

const TYPES: Record<string, string> = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
};

/** The file that a server of static pages gives for a path: without an ending, it is a page's. */
export function fileOf(folder: string, path: string): string | undefined {
    const clean = decodeURI(path.split(/[?#]/)[0]);
    return [clean, `${clean}.html`, posix.join(clean, "index.html")]
        .map((one) => join(folder, one))
        .find((file) => existsSync(file) && statSync(file).isFile());
}

/** Links of all pages to pages and anchors that are not there, as `page: target`. */
export function deadLinks(folder: string): string[] {
    const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));
    const text = (file: string) => readFileSync(file, "utf8");
    return pages.flatMap((page) => {
        const own = `/${page.replace(/\.html$/, "")}`;
        return [...text(join(folder, page)).matchAll(/<a [^>]*?href="([^"]*)"/g)]
            .map(([, target]) => target.replaceAll("&amp;", "&"))
            .filter((target) => !/^[a-z]+:/.test(target))
            .filter((target) => {
                const [path, anchor] = target.split("#");
                const file = fileOf(folder, path === "" ? own : posix.resolve(posix.dirname(own), path));
                return !file || (anchor && !text(file).includes(`id="${decodeURIComponent(anchor)}"`));
            })
            .map((target) => `${page}: ${target}`);
    });
}

/** Where a page of `shows` finds the site. */
export const SITE = "https://docs.example";

/**
 * Gives a page the folder's files at SITE, and nothing else. No server: Chromium ends connections when an interface comes or goes, as the
 * lab's do at any time.
 */
export async function shows(page: Page, folder: string): Promise<void> {
    await page.setRequestInterception(true);
    page.on("request", (request) => {
        const url = request.url();
        if (url.startsWith("data:")) {
            return void request.continue();
        }
        if (!url.startsWith(`${SITE}/`)) {
            return void request.abort();
        }
        const file = fileOf(folder, url.slice(SITE.length));
        void request.respond({
            status: file ? 200 : 404,
            contentType: TYPES[extname(file ?? "")] ?? "text/plain",
            body: file ? readFileSync(file) : "",
        });
    });
}
