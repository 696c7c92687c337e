import type { Figure } from "./part";
import { isSameKind } from "./machine";
import type { Result } from "./results";
import { withUnit } from "./goal";

/**
 * How much two runs of the same code may differ, as a fraction of the figure and in its unit. docs/bench says from which
 * repeats. Counts do not vary.
 */
const NOISE: Record<Figure["unit"], { part: number; least: number }> = {
    s: { part: 0.2, least: 0.3 },
    ms: { part: 0.2, least: 5 },
    MB: { part: 0.1, least: 5 },
    "req/s": { part: 0.1, least: 0 },
    ratio: { part: 0.1, least: 0 },
    KB: { part: 0.01, least: 0 },
    "per host": { part: 0, least: 0 },
    count: { part: 0, least: 0 },
};

/** Units whose figures depend on the machine. */
const OF_THE_MACHINE: Figure["unit"][] = ["s", "ms", "req/s"];

export interface Comparison {
    worse: string[];
    better: string[];
    /** What could not be compared, and why. */
    notes: string[];
}

/** What is worse or better than the kept result by more than noise. */
export function compare(kept: Result | undefined, now: Result): Comparison {
    const comparison: Comparison = { worse: [], better: [], notes: [] };
    if (kept === undefined) {
        comparison.notes.push("nothing is kept to compare with");
        return comparison;
    }
    const sameKind = isSameKind(kept.machine, now.machine);
    if (!sameKind) {
        const { cores, processor } = kept.machine;
        comparison.notes.push(
            `kept on another machine (${cores} cores, ${processor}): times are compared as parts of the alternatives' only`,
        );
    }
    for (const figure of now.figures) {
        const before = kept.figures.find(({ id }) => id === figure.id);
        if (before === undefined) {
            comparison.notes.push(`${figure.id} is new`);
        } else if (sameKind || !OF_THE_MACHINE.includes(figure.unit)) {
            add(comparison, figure, before, figure.ours, before.ours, withUnit);
        } else {
            for (const name of sharedAlternatives(figure, before)) {
                const ratio = ({ ours, alternatives }: Figure) => ours / alternatives![name];
                add(
                    comparison,
                    figure,
                    before,
                    ratio(figure),
                    ratio(before),
                    (value) => `${value.toFixed(2)} × ${name}`,
                );
            }
        }
    }
    const gone = kept.figures.filter(({ id }) => !now.figures.some((figure) => figure.id === id));
    comparison.notes.push(...gone.map(({ id }) => `${id} was kept, and was not measured now`));
    return comparison;
}

function sharedAlternatives(figure: Figure, before: Figure): string[] {
    return Object.keys(figure.alternatives ?? {}).filter(
        (name) => figure.alternatives![name] > 0 && (before.alternatives?.[name] ?? 0) > 0,
    );
}

function add(
    comparison: Comparison,
    figure: Figure,
    before: Figure,
    now: number,
    then: number,
    show: (value: number, unit: Figure["unit"]) => string,
): void {
    const margin = noise(figure, before, then);
    const change = figure.better === "less" ? now - then : then - now;
    if (Math.abs(change) <= margin) {
        return;
    }
    const text = `${figure.id}: ${show(now, figure.unit)}, kept ${show(then, figure.unit)}`;
    (change > 0 ? comparison.worse : comparison.better).push(text);
}

/** The spread between repeats of both runs, if it is larger than usual. */
function noise(figure: Figure, before: Figure, then: number): number {
    const { part, least } = NOISE[figure.unit];
    return Math.max(least, Math.abs(then) * Math.max(part, figure.spread ?? 0, before.spread ?? 0));
}
