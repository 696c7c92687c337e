import type { Figure } from "./part";
import { isMet, withUnit } from "./goal";

const WIDTH = 760;
const LABELS = 190;
const VALUES = 110;
const BAR = 16;
const GAP = 5;
const TITLE = 24;
const BETWEEN = 14;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .quiet { fill: #59636e; }
  .ours { fill: #0969da; }
  .other { fill: #afb8c1; }
  .axis { stroke: #59636e; stroke-width: 1; }
  .goal { stroke: #1a7f37; stroke-width: 2; stroke-dasharray: 4 3; }
  .met { fill: #1a7f37; }
  .missed { fill: #cf222e; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .quiet { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .other { fill: #656c76; }
    .axis { stroke: #9198a1; }
    .goal { stroke: #3fb950; }
    .met { fill: #3fb950; }
    .missed { fill: #f85149; }
  }`;

/**
 * Bars of every figure with an alternative or a goal. Each figure has its own linear axis
 * from 0, so bars are compared within a figure, never across two.
 */
export function chart(title: string, figures: Figure[]): string {
    const drawn = figures.filter(
        ({ alternatives, goal }) => goal !== undefined || Object.keys(alternatives ?? {}).length > 0,
    );
    let top = 30;
    const panels = drawn.map((figure) => {
        const { svg, height } = panel(figure, top);
        top += height + BETWEEN;
        return svg;
    });
    const name = `<title>${escaped(title)}</title>`;
    const heading = `<text x="8" y="18" class="title" font-size="14">${escaped(title)}</text>`;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" role="img">`,
        name,
        `<style>${STYLE}\n</style>`,
        heading,
        ...panels,
        "</svg>\n",
    ].join("\n");
}

interface Bar {
    label: string;
    value: number;
    style: "ours" | "other";
}

function panel(figure: Figure, top: number): { svg: string; height: number } {
    const bars: Bar[] = [
        { label: "mesh-egress", value: figure.ours, style: "ours" },
        ...Object.entries(figure.alternatives ?? {}).map(([label, value]) => ({
            label,
            value,
            style: "other" as const,
        })),
    ];
    const goal = goalValue(figure);
    const most = Math.max(...bars.map(({ value }) => value), goal ?? 0) || 1;
    const x = (value: number) => round(LABELS + (Math.max(0, value) / most) * (WIDTH - LABELS - VALUES));
    const first = top + TITLE;
    const bottom = first + bars.length * (BAR + GAP);
    const lines = bars.map(({ label, value, style }, index) => {
        const y = first + index * (BAR + GAP);
        const text = y + BAR - 4;
        return [
            `<text x="${LABELS - 8}" y="${text}" text-anchor="end">${escaped(label)}</text>`,
            `<rect class="${style}" x="${LABELS}" y="${y}" width="${round(x(value) - LABELS)}" height="${BAR}"/>`,
            `<text x="${WIDTH - 8}" y="${text}" text-anchor="end">${escaped(withUnit(value, figure.unit))}</text>`,
        ].join("\n");
    });
    const axis = `<line class="axis" x1="${LABELS}" y1="${first - 3}" x2="${LABELS}" y2="${bottom}"/>`;
    const goalLine =
        goal === undefined
            ? ""
            : `<line class="goal" x1="${x(goal)}" y1="${first - 3}" x2="${x(goal)}" y2="${bottom}"/>`;
    return {
        svg: [
            `<text x="8" y="${top + 12}" class="title">${escaped(figure.what)}${verdict(figure, goal)}</text>`,
            ...lines,
            axis,
            goalLine,
        ]
            .filter(Boolean)
            .join("\n"),
        height: bottom - top,
    };
}

/** The goal on the figure's own axis. */
function goalValue({ goal, alternatives }: Figure): number | undefined {
    if (goal?.over === undefined) {
        return goal?.value;
    }
    const over = alternatives?.[goal.over];
    return over === undefined ? undefined : over * goal.value;
}

function verdict(figure: Figure, goal: number | undefined): string {
    const met = isMet(figure);
    if (met === undefined || goal === undefined || figure.goal === undefined) {
        return ` <tspan class="quiet">(${figure.better} is better)</tspan>`;
    }
    const text = `goal: at ${figure.goal.at} ${withUnit(goal, figure.unit)}, ${met ? "met" : "missed"}`;
    return ` <tspan class="${met ? "met" : "missed"}">(${escaped(text)})</tspan>`;
}

function round(value: number): number {
    return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
