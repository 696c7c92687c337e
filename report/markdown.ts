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

/** The report as Markdown, cut at the end of a line where it is too long. */
export function markdownPage(report: Report, { limit = COMMENT_CHARACTERS, rest }: MarkdownOptions = {}): string {
    const note = `\n_Cut to the size of a comment. The rest is in ${rest ?? "the HTML page of this report"}._\n`;
    const page = new Page(limit - note.length);
    page.add(`## Preview of \`${report.stack}\`\n\n${report.summary}\n`);
    const [lost, hosts, ...others] = report.sections;
    addSection(page, lost);
    addSection(page, hosts);
    if (report.diagram.hosts.length > 0) {
        page.add(`\n### The ways out\n\n\`\`\`mermaid\n${mermaid(report.diagram)}\n\`\`\`\n`);
    }
    others.forEach((section) => addSection(page, section));
    return page.text + (page.wasCut ? note : "");
}

function addSection(page: Page, { title, lines, folded }: Section): void {
    if (lines.length === 0) {
        return;
    }
    const heading = folded
        ? [`\n<details><summary>${title} (${lines.length})</summary>\n\n`, "\n</details>\n"]
        : [`\n### ${title}\n\n`, ""];
    page.list(heading[0], lines.map(lineText), heading[1]);
}

function lineText({ mark, name, text }: Line): string {
    return `- \`${mark} ${name}\`${text ? `: ${text}` : ""}\n`;
}

/** Takes what fits. */
class Page {
    text = "";
    wasCut = false;

    constructor(private readonly limit: number) {}

    add(block: string): boolean {
        const fits = this.text.length + block.length <= this.limit;
        this.text += fits ? block : "";
        this.wasCut ||= !fits;
        return fits;
    }

    /** As many of the lines as fit between head and foot, or nothing. */
    list(head: string, lines: string[], foot: string): void {
        let block = head;
        let taken = 0;
        const left = (count: number) => (count > 0 ? `- and ${count} more\n` : "");
        for (const line of lines) {
            const whole = block + line + left(lines.length - taken - 1) + foot;
            if (this.text.length + whole.length > this.limit) {
                break;
            }
            block += line;
            taken += 1;
        }
        this.wasCut ||= taken < lines.length;
        if (taken > 0) {
            this.add(block + left(lines.length - taken) + foot);
        }
    }
}
