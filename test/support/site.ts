import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, posix } from "node:path";

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

/** Serves the folder on this machine only. */
export async function serve(folder: string): Promise<{ url: string; server: Server }> {
    const server = createServer((request, response) => {
        const file = fileOf(folder, request.url ?? "/");
        response.writeHead(file ? 200 : 404, { "content-type": TYPES[extname(file ?? "")] ?? "text/plain" });
        response.end(file && readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
