import { Action, ACTIONS, MARKS } from "./changes";
import { Count, Line, Report, Section } from "./report";
import { STYLE } from "./style";
import { svg } from "./svg";

/** The report as a page that needs nothing but itself: no script, no font, no picture from elsewhere. */
export function htmlPage(report: Report): string {
    const title = escaped(`Preview of ${report.stack}`);
    const parts = [...report.sections.map(sectionOf), diagramOf(report), ...report.afterDiagram.map(sectionOf)];
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
<header>
<h1>Preview of <code>${escaped(report.stack)}</code></h1>
${summaryOf(report)}
</header>
<main>
${parts.filter((part) => part !== "").join("\n")}
</main>
</body>
</html>
`;
}

function summaryOf({ summary, hostCounts, resourceCounts }: Report): string {
    if (resourceCounts.length === 0) {
        return `<p>${escaped(summary)}</p>`;
    }
    const row = (title: string, counts: Count[]) =>
        `<dt>${title}</dt><dd>${
            counts.map(({ action, text }) => `<span class="count ${action}">${escaped(text)}</span>`).join(" ") ||
            "none changes"
        }</dd>`;
    return `<dl>${row("Hosts", hostCounts)}${row("Resources", resourceCounts)}</dl>`;
}

function sectionOf({ title, lines, folded }: Section): string {
    if (lines.length === 0) {
        return "";
    }
    const list = `<ul>\n${lines.map(itemOf).join("\n")}\n</ul>`;
    const count = `<small>${lines.length}</small>`;
    return folded
        ? `<details><summary><h2>${escaped(title)} ${count}</h2></summary>\n${list}\n</details>`
        : `<section><h2>${escaped(title)} ${count}</h2>\n${list}\n</section>`;
}

function itemOf({ mark, name, text }: Line): string {
    const action = ACTIONS.find((one) => MARKS[one] === mark) ?? "same";
    return (
        `<li class="${action}">${markOf(action)}<b>${breakable(escaped(name))}</b>` +
        `<span>${breakable(marked(text))}</span></li>`
    );
}

function diagramOf({ diagram }: Report): string {
    if (diagram.hosts.length === 0) {
        return "";
    }
    const used = ACTIONS.filter((action) => diagram.hosts.some((host) => host.action === action));
    const legend = used.map((action) => `<span class="${action}">${markOf(action)} ${WORDS[action]}</span>`).join(" ");
    return (
        `<section><h2>Egress paths</h2>\n<p class="legend">${legend}</p>\n` +
        `<div class="diagram" role="region" aria-label="Diagram of callers, gateway and hosts" tabindex="0">\n` +
        `${svg(diagram)}\n</div></section>`
    );
}

const WORDS = { replace: "replaced", delete: "removed", update: "changed", create: "added", same: "unchanged" };

function markOf(action: Action): string {
    return `<i role="img" aria-label="${WORDS[action]}" title="${WORDS[action]}">${MARKS[action]}</i>`;
}

function escaped(text: string): string {
    return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** With the names in backticks as code. */
function marked(text: string): string {
    return escaped(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}

/** Long names break after their own separators first. */
function breakable(html: string): string {
    return html.replace(/([\w][./])(?=\w)/g, "$1<wbr>");
}
