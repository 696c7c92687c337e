/**
 * The suites that one process runs one after the other; the lanes run at the same time. Most of the cluster's time is
 * waiting, in which the other lane computes.
 *
 * - cluster: in this order, because the commands' tests bring up and destroy an environment of their own before the e2e
 *   tests share theirs, and the last suite looks at what these have left, and takes it down.
 * - machine: what needs no cluster.
 */
export const LANES = { cluster: ["commands", "e2e", "afterwards"], machine: ["unit", "engine"] };

const SUITES = [...LANES.machine, ...LANES.cluster];

/** What a run of tests came to. */
export interface Totals {
    passed: number;
    failed: number;
    skipped: number;
}

/** The suites to run, by lane; all of them where none is named. */
export function chosenLanes(names: readonly string[]): string[][] {
    const unknown = names.filter((name) => !SUITES.includes(name));
    if (unknown.length > 0) {
        throw new Error(`There is no suite ${unknown.join(", ")}. The suites are ${SUITES.join(", ")}.`);
    }
    return [LANES.cluster, LANES.machine]
        .map((lane) => lane.filter((suite) => names.length === 0 || names.includes(suite)))
        .filter((lane) => lane.length > 0);
}

export function totalsLine({ passed, failed, skipped }: Totals): string {
    return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The totals of a line that totalsLine made; undefined for any other line. */
export function parseTotals(line: string): Totals | undefined {
    const [, passed, failed, skipped] = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line.trim()) ?? [];
    return passed === undefined
        ? undefined
        : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

export function sumTotals(totals: readonly Totals[]): Totals {
    const sum = (key: keyof Totals) => totals.reduce((all, one) => all + one[key], 0);
    return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}
