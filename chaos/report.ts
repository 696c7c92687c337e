import { Machine } from "../bench/machine";
import { Outcome } from "./outcome";

/** What a run of a scenario showed. */
export interface Report {
    ours: Outcome;
    /** What callers saw in the same run through something else, by its name. */
    alternatives?: Record<string, Outcome>;
    /** What else was found, by what it is. */
    findings?: Record<string, string | number>;
    /** What else was not as promised, a sentence each. Default: nothing. */
    missed?: string[];
}

/** What a run of a scenario showed, and where and when. */
export interface Result extends Report {
    date: string;
    commit: string;
    machine: Machine;
    seconds: number;
}

/** By the scenario's name. */
export type Results = Record<string, Result>;
