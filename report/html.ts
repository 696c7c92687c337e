import { Report, Section } from "./report";
import { svg } from "./svg";

/** The report as a page that needs nothing but itself: no script, no font, no picture from elsewhere. */
export function htmlPage(report: Report): string {
    const title = escaped(`Preview of ${report.stack}`);
    const [lost, hosts, ...others] = report.sections;
    const diagram = report.diagram.hosts.length > 0 ? `<h2>The ways out</h2>\n${svg(report.diagram)}` : "";
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${escaped(report.summary)}</p>
${[sectionOf(lost), sectionOf(hosts), diagram, ...others.map(sectionOf)].filter((part) => part !== "").join("\n")}
</body>
</html>
`;
}

function sectionOf({ title, lines, folded }: Section): string {
    if (lines.length === 0) {
        return "";
    }
    const items = lines.map(
        ({ mark, name, text }) =>
            `<li class="${KINDS[mark] ?? "same"}"><b>${escaped(mark)} ${escaped(name)}</b>${text ? `: ${marked(text)}` : ""}</li>`,
    );
    const list = `<ul>\n${items.join("\n")}\n</ul>`;
    return folded
        ? `<details><summary>${escaped(title)} (${lines.length})</summary>\n${list}\n</details>`
        : `<h2>${escaped(title)}</h2>\n${list}`;
}

const KINDS: Record<string, string> = { "+": "create", "-": "delete", "~": "update", "±": "replace" };

function escaped(text: string): string {
    return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** With the names in backticks as code. */
function marked(text: string): string {
    return escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}

const STYLE = `
:root { --back: #fff; --text: #1f2328; --line: #818b98; --box: #f6f8fa;
  --create: #1a7f37; --delete: #cf222e; --update: #9a6700; --replace: #8250df; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --text: #e6edf3; --line: #768390; --box: #161b22;
    --create: #3fb950; --delete: #f85149; --update: #d29922; --replace: #a371f7; }
}
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; }
li { border-left: 4px solid var(--line); margin: 4px 0; padding: 2px 10px; }
li.create { border-color: var(--create); } li.create b { color: var(--create); }
li.delete { border-color: var(--delete); } li.delete b { color: var(--delete); }
li.update { border-color: var(--update); } li.update b { color: var(--update); }
li.replace { border-color: var(--replace); } li.replace b { color: var(--replace); }
code { background: var(--box); border-radius: 4px; padding: 1px 4px; }
summary { cursor: pointer; font-size: 1.3em; font-weight: bold; }
svg { max-width: 100%; height: auto; font-size: 12px; }
svg text { fill: var(--text); } svg .title { font-weight: bold; }
svg path { fill: none; stroke: var(--line); }
svg rect { fill: var(--box); stroke: var(--line); }
svg .create { --line: var(--create); } svg .delete { --line: var(--delete); }
svg .update { --line: var(--update); } svg .replace { --line: var(--replace); }
svg path:not(.same), svg g:not(.same) rect { stroke-width: 2; }
svg path.delete, svg .delete rect { stroke-dasharray: 6 4; }
`;
