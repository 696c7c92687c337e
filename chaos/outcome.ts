/** A call as the load saw it. */
export interface Call {
    /** Which load made it, such as `ours/keep-alive`. */
    stream: string;
    /** Milliseconds since the epoch at which it began. */
    at: number;
    milliseconds: number;
    /** What came instead of a 200; undefined for a 200. */
    failure?: string;
}

/** What callers saw of a fault. */
export interface Outcome {
    calls: number;
    failed: number;
    /** Of them, GETs, which are safe to repeat: the name of their stream begins with `get`. Not in results from before it was counted. */
    failedGets?: number;
    /** The longest time in which no call was answered with 200, in seconds. */
    longestGap: number;
    /** The longest that a call which succeeded took, in seconds. */
    slowest: number;
    /** The longest that a call which failed took, in seconds. */
    slowestFailure: number;
    /** Seconds from the first call that failed to the last one, by when they began. */
    failing: number;
    /** Calls that are not idempotent and reached the partner more than once. */
    doubled: number;
    /** What was not answered with 200, by what came instead. */
    failures: Record<string, number>;
}

/** Sums up calls; `doubled` of them reached the partner more than once. */
export function outcomeOf(calls: Call[], doubled = 0): Outcome {
    const answered = calls.filter(({ failure }) => failure === undefined);
    const failed = calls.filter(({ failure }) => failure !== undefined);
    const failures: Record<string, number> = {};
    for (const { failure } of failed) {
        failures[failure!] = (failures[failure!] ?? 0) + 1;
    }
    return {
        calls: calls.length,
        failed: failed.length,
        failedGets: failed.filter(({ stream }) => stream.includes("/get")).length,
        longestGap: longestGap(calls, answered),
        slowest: slowest(answered),
        slowestFailure: slowest(failed),
        failing: failed.length === 0 ? 0 : seconds(smallest(failed.map(begin)), largest(failed.map(begin))),
        doubled,
        failures,
    };
}

/** From the start of the load, over the ends of all answered calls, to the load's end. */
function longestGap(calls: Call[], answered: Call[]): number {
    if (calls.length === 0) {
        return 0;
    }
    const moments = [
        smallest(calls.map(begin)),
        ...answered.map(end).sort((one, other) => one - other),
        largest(calls.map(begin)),
    ];
    return largest(moments.slice(1).map((moment, index) => seconds(moments[index], moment)));
}

const slowest = (calls: Call[]) => rounded(largest(calls.map(({ milliseconds }) => milliseconds)) / 1000);

const begin = ({ at }: Call) => at;
const end = ({ at, milliseconds }: Call) => at + milliseconds;

const seconds = (from: number, to: number) => rounded((to - from) / 1000);

const rounded = (value: number) => Math.round(value * 100) / 100;

// Spread arguments of a call are limited, and a load has many calls.
const largest = (values: number[]) => values.reduce((one, other) => Math.max(one, other), 0);
const smallest = (values: number[]) => values.reduce((one, other) => Math.min(one, other), Infinity);
