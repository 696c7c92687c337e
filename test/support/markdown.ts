import { readFileSync } from "node:fs";

/** What tests ask a page for. */
export interface Page {
    title: string;
    lines: number;
    /** Names of the sections of the second level, in their order. */
    sections: string[];
    section(name: string): string;
    /** The text of the only code block of a section, in this language. */
    code(section: string, language: string): string;
    /** The cells of the only table of a section, row by row, without its head. */
    table(section: string): string[][];
}

export function readPage(file: string): Page {
    const text = readFileSync(file, "utf8");
    const [head, ...parts] = text.split(/^## /m);
    const bodies = new Map(
        parts.map((part) => {
            const end = part.indexOf("\n");
            return [part.slice(0, end), part.slice(end)];
        }),
    );
    const section = (name: string) => bodies.get(name) ?? "";
    return {
        title: /^# (.*)$/m.exec(head)?.[1] ?? "",
        lines: text.trimEnd().split("\n").length,
        sections: [...bodies.keys()],
        section,
        code(name, language) {
            const blocks = [...section(name).matchAll(/^```(\S*)\n([^]*?)^```$/gm)];
            if (blocks.length !== 1 || blocks[0][1] !== language) {
                throw new Error(`${file}: ${name} has not exactly one block of ${language}`);
            }
            return blocks[0][2];
        },
        table(name) {
            const rows = section(name)
                .split("\n")
                .filter((line) => line.startsWith("|"));
            return rows.slice(2).map((row) =>
                row
                    .split("|")
                    .slice(1, -1)
                    .map((cell) => cell.trim()),
            );
        },
    };
}
