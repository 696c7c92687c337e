import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine";
import type { Figure } from "./part";

/** What a part has found, and where and when. */
export interface Result {
    date: string;
    commit: string;
    machine: Machine;
    figures: Figure[];
}

/** By the part's name. */
export type Results = Record<string, Result>;

export const RESULTS_FILE = join(__dirname, "results.json");

export function readResults(file = RESULTS_FILE): Results {
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : {};
}
