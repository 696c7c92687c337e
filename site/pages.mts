import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Folders of docs/ whose pages have a part of the sidebar of their own, by its title. */
const PARTS: Record<string, string> = {
    modes: "Modes",
    reference: "Reference",
    rules: "Rules of the review",
    bench: "Figures",
    decisions: "Decisions",
    api: "API",
};

/** Pages outside of docs/, by their place on the site. */
const OTHERS = {
    "README.md": "index.md",
    "templates/README.md": "templates.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "policy/README.md": "policy-pack.md",
};

/** The order of the guides in the sidebar; the others follow by their names. */
const FIRST = [
    "index.md",
    "getting-started.md",
    "templates.md",
    "certificates.md",
    "wildcards.md",
    "lockdown.md",
    "azure.md",
    "command.md",
    "pull-requests.md",
    "report.md",
    "operations.md",
    "openConnections.md",
    "recovery.md",
];

/** Pages of docs/ that Pulumi's registry shows, in its own Markdown. */
const OF_REGISTRY = ["_index.md", "installation-configuration.md"];

/** All pages of the site: the file in the repository, and its place on the site. */
export const pages: Record<string, string> = { ...OTHERS, ...pagesOfDocs() };

/** Patterns of what is in the repository and no page of the site. */
export function otherFiles(): string[] {
    const used = Object.keys(pages);
    const others = readdirSync(ROOT, { withFileTypes: true })
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .filter((name) => !used.some((file) => file.startsWith(name)))
        .map((name) => (name.endsWith("/") ? `${name}**` : name));
    return [...others, ...OF_REGISTRY.map((name) => `docs/${name}`)];
}

function pagesOfDocs(): Record<string, string> {
    const files = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
    return Object.fromEntries(
        files
            .filter((file) => file.endsWith(".md") && !OF_REGISTRY.includes(file))
            .sort()
            .map((file) => [`docs/${file}`, file.replace(/README\.md$/, "index.md")]),
    );
}

/** The first heading of a page. */
function titleOf(file: string): string {
    const title = /^# (.*)$/m.exec(readFileSync(join(ROOT, file), "utf8"))?.[1] ?? file;
    return title.replaceAll("`", "");
}

function itemsOf(isIn: (place: string) => boolean): DefaultTheme.SidebarItem[] {
    const rank = (place: string) => (FIRST.includes(place) ? FIRST.indexOf(place) : FIRST.length);
    return Object.entries(pages)
        .filter(([, place]) => isIn(place))
        .sort(([, one], [, other]) => rank(one) - rank(other))
        .map(([file, place]) => ({
            text: place === "index.md" ? "Overview" : titleOf(file),
            link: `/${place.replace(/(index)?\.md$/, "")}`,
        }));
}

export const sidebar: DefaultTheme.SidebarItem[] = [
    { text: "Guides", items: itemsOf((place) => !place.includes("/")) },
    ...Object.entries(PARTS)
        .map(([folder, text]) => ({
            text,
            collapsed: true,
            items: itemsOf((place) => place.startsWith(`${folder}/`)),
        }))
        .filter(({ items }) => items.length > 0),
];
