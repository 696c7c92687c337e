import type { Followed } from "../operation";

/** Where the seconds of one `up` went. */
export interface Phases {
    /** Until the first of the charts: the engine, its plugin, the program, a namespace. */
    before: number;
    /** Each of the charts, in their order. */
    charts: number[];
    /** From one chart to the next. */
    between: number;
    /** From the last chart to the last resource. */
    after: number;
    /** From the last resource to the end: the engine's, and what the Automation API asks it then. */
    end: number;
}

/** Splits an update of so many seconds by the resources that install its charts, one after the other. */
export function phases(resources: Followed[], names: string[], seconds: number): Phases {
    const charts = names.map((name) => {
        const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
        if (found === undefined) {
            const made = resources.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
            throw new Error(`the update made no ${name}, but ${made.join(", ")}`);
        }
        return found;
    });
    const [first, last] = [charts[0], charts[charts.length - 1]];
    const durations = charts.map(({ from, to }) => to - from);
    const lastOfAll = Math.max(...resources.map(({ to }) => to));
    return {
        before: first.from,
        charts: durations,
        between: last.to - first.from - durations.reduce((sum, one) => sum + one, 0),
        after: lastOfAll - last.to,
        end: seconds - lastOfAll,
    };
}
