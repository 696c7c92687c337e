import { processorTime } from "./processorTime";

/** Share of the machine that other programs may use during a measurement. */
const MOST_ELSEWHERE = 0.1;
const TRIES = 3;

/** Repeats a measurement, a few times, if other programs used much of the machine during it. */
export async function settledBy<T>(measure: () => Promise<T>, tell: (line: string) => void): Promise<T> {
    for (let left = TRIES; ; left--) {
        const before = processorTime();
        const result = await measure();
        const after = processorTime();
        const elsewhere = (after.busy - after.lab - (before.busy - before.lab)) / (after.all - before.all);
        if (elsewhere <= MOST_ELSEWHERE) {
            return result;
        }
        const percent = `${Math.round(elsewhere * 100)} % of the machine went elsewhere`;
        if (left === 1) {
            tell(`kept although ${percent}`);
            return result;
        }
        tell(`measured again: ${percent}`);
    }
}
