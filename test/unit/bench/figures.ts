import type { Figure } from "../../../bench/part";
import type { Result } from "../../../bench/results";

export const MACHINE = { cores: 2, processor: "Example", memoryGigabytes: 8, system: "linux 6.1", node: "22.1.0" };

export function figure(changes: Partial<Figure> = {}): Figure {
    return { id: "up", what: "up", unit: "s", ours: 10, better: "less", ...changes };
}

export function result(figures: Figure[], machine = MACHINE): Result {
    return { date: "2026-01-01", commit: "abcdef0", machine, figures };
}
