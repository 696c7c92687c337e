import type { Figure } from "../part";
import type { Phases } from "./phases";

const HELM = "helm alone";
/** As Istio's guide has it: `--wait` for istiod and the gateway only. */
const HELM_BASE_WITHOUT = "without --wait for base";

/** What one round took, in seconds. */
export interface Round {
    /** `up` of the Automation API. */
    seconds: number;
    /** The process around it, from its start to its end. */
    processSeconds: number;
    phases: Phases;
    /** Each of helm's charts. */
    helm: number[];
    /** Helm's base chart, the first of them, installed without waiting for it. */
    baseWithoutWait: number;
}

/** Medians of the rounds; the charts are named in the order of each round's. */
export function figures(rounds: Round[], charts: string[]): Figure[] {
    const of = (value: (round: Round) => number) => rounds.map(value);
    const total = of(({ seconds }) => seconds);
    const alone = of(({ helm }) => sum(helm));
    const withHelm = {
        [HELM]: round(median(alone)),
        [HELM_BASE_WITHOUT]: round(median(of(({ helm, baseWithoutWait }) => sum(helm.slice(1)) + baseWithoutWait))),
    };
    const part = (id: string, what: string, value: (phases: Phases) => number) =>
        seconds(
            id,
            `of it: ${what}`,
            of(({ phases }) => value(phases)),
        );
    return [
        {
            ...seconds("up", "pulumi up", total),
            alternatives: withHelm,
            goal: { at: "most", value: 1.15, over: HELM },
            note: `${rounds.length} rounds: ${range(total)} against ${range(alone)}`,
        },
        part("before", "before the first chart, the start of engine and plugin", ({ before }) => before),
        ...charts.map((chart, index) => ({
            ...part(`chart-${chart}`, `the chart ${chart}`, (phases) => phases.charts[index]),
            alternatives: {
                [HELM]: round(median(of(({ helm }) => helm[index]))),
                ...(index === 0 && { [HELM_BASE_WITHOUT]: round(median(of((one) => one.baseWithoutWait))) }),
            },
        })),
        part("between", "between the charts, the gateway's namespace", ({ between }) => between),
        part("after", "after the last chart, the gateway's Istio objects", ({ after }) => after),
        part("end", "the end of the engine, and what the Automation API asks it then", ({ end }) => end),
        {
            ...seconds(
                "process",
                "the process around it, with Node's start and the import",
                of((one) => one.processSeconds),
            ),
            alternatives: withHelm,
        },
    ];
}

function seconds(id: string, what: string, values: number[]): Figure {
    const ours = median(values);
    const farthest = Math.max(...values.map((value) => Math.abs(value - ours)));
    return { id, what, unit: "s", ours: round(ours), better: "less", spread: ours === 0 ? 0 : round(farthest / ours) };
}

function range(values: number[]): string {
    return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
}

function sum(values: number[]): number {
    return values.reduce((total, one) => total + one, 0);
}

function median(values: number[]): number {
    return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

function round(value: number): number {
    return Math.round(value * 100) / 100;
}
