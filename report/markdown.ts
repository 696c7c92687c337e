import { mermaid } from "./mermaid";
import { Line, Report, Section } from "./report";

/** What GitHub takes as a comment. */
export const COMMENT_CHARACTERS = 65_536;

export interface MarkdownOptions {
    /** Longest page, in characters. Default: a pull request comment's. */
    limit?: number;
    /** Where the whole report is: an address, or words. Default: the HTML page, unnamed. */
    rest?: string;
}

/** Part of a page that can be cut. */
interface Block {
    head: string;
    /** Whole lines, the most important first. */
    lines: string[];
    foot: string;
}

/** Of each part at least so many lines stay, or a long one would push out all others. */
const KEPT = 10;

/** The report as Markdown, cut at the end of a line where it is too long. */
export function markdownPage(report: Report, { limit = COMMENT_CHARACTERS, rest }: MarkdownOptions = {}): string {
    const blocks = [
        ...report.sections.flatMap(sectionBlock),
        ...(report.diagram.hosts.length > 0 ? [diagramBlock(report)] : []),
        ...report.afterDiagram.flatMap(sectionBlock),
    ];
    const all = blocks.reduce((sum, { lines }) => sum + lines.length, 0);
    const head = `## Preview of \`${report.stack}\`\n\n${report.summary}\n`;
    const room = limit - head.length;
    const whole = blocks.map((block) => textOf(block, block.lines.length)).join("");
    if (whole.length <= room) {
        return head + whole;
    }
    const { text, leftOut } = cut(blocks, room - note(all, rest).length);
    return head + text + note(leftOut, rest);
}

function cut(blocks: Block[], room: number): { text: string; leftOut: number } {
    const least = blocks.map((block) => textOf(block, Math.min(KEPT, block.lines.length)).length);
    let text = "";
    let leftOut = 0;
    blocks.forEach((block, index) => {
        const later = least.slice(index + 1).reduce((sum, length) => sum + length, 0);
        const left = room - text.length;
        const own = Math.min(left, Math.max(left - later, least[index]));
        const count = fitting(block, own);
        text += count > 0 ? textOf(block, count) : "";
        leftOut += block.lines.length - count;
    });
    return { text, leftOut };
}

/** How many of the lines fit. */
function fitting(block: Block, room: number): number {
    let count = 0;
    let length = block.head.length + block.foot.length;
    for (const line of block.lines) {
        length += line.length;
        if (length + more(block.lines.length - count - 1).length > room) {
            break;
        }
        count += 1;
    }
    return count;
}

function textOf({ head, lines, foot }: Block, count: number): string {
    return head + lines.slice(0, count).join("") + more(lines.length - count) + foot;
}

function more(count: number): string {
    return count > 0 ? `- and ${count} more\n` : "";
}

function note(leftOut: number, rest = "the HTML page of this report"): string {
    const place = /^https?:\/\/[\w.~:/?#@!$&*+,;=%-]+$/.test(rest) ? `[the whole report](${rest})` : rest;
    return `\n_Shortened to the size of a comment: ${leftOut} lines are left out. The complete report is in ${place}._\n`;
}

function sectionBlock({ title, lines, folded }: Section): Block[] {
    if (lines.length === 0) {
        return [];
    }
    return [
        {
            head: folded ? `\n<details><summary>${title} (${lines.length})</summary>\n\n` : `\n### ${title}\n\n`,
            lines: lines.map(lineText),
            foot: folded ? "\n</details>\n" : "",
        },
    ];
}

/** All of it or nothing. */
function diagramBlock({ diagram }: Report): Block {
    return { head: "\n### Egress paths\n\n", lines: [`\`\`\`mermaid\n${mermaid(diagram)}\n\`\`\`\n`], foot: "" };
}

function lineText({ mark, name, text }: Line): string {
    return `- \`${mark} ${name}\`${text ? `: ${text}` : ""}\n`;
}
