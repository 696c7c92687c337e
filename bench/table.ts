import type { Figure } from "./part";
import { goalText, isMet, judged, number, withUnit } from "./goal";

/** The figures for the terminal: ours next to the alternatives, and whether the goal is met. */
export function textTable(figures: Figure[]): string {
    const rows = figures.map(cells);
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
    return rows
        .map((row) =>
            row
                .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column])))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}

function cells(figure: Figure): string[] {
    return [
        MARK[String(isMet(figure))],
        figure.what,
        withUnit(figure.ours, figure.unit),
        others(figure),
        verdict(figure),
    ];
}

const MARK: Record<string, string> = { true: "✔", false: "✖", undefined: " " };

/** The same as a table of Markdown. */
export function markdownTable(figures: Figure[]): string {
    const rows = figures.map((figure) => [
        figure.note ? `${figure.what} (${figure.note})` : figure.what,
        withUnit(figure.ours, figure.unit),
        others(figure),
        verdict(figure),
    ]);
    const line = (row: string[]) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [["what", "mesh-egress", "alternatives", "goal"], ["---", "---:", "---", "---"], ...rows]
        .map(line)
        .join("\n");
}

function others({ alternatives, unit }: Figure): string {
    return Object.entries(alternatives ?? {})
        .map(([name, value]) => `${name} ${withUnit(value, unit)}`)
        .join(", ");
}

function verdict(figure: Figure): string {
    const met = isMet(figure);
    if (met === undefined) {
        return figure.goal ? `${goalText(figure)}: not measured` : "";
    }
    const ratio = figure.goal?.over === undefined ? "" : ` (${number(judged(figure) as number)} ×)`;
    return `${goalText(figure)}: ${met ? "met" : "missed"}${ratio}`;
}
