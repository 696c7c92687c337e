import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { pageWithResults } from "./page";
import { Results } from "./report";
import { Scenario } from "./scenario";

export const RESULTS_FILE = join(__dirname, "results.json");
export const PAGE = join(__dirname, "..", "docs", "reliability.md");

export function readResults(file = RESULTS_FILE): Results {
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Results) : {};
}

/** Keeps the results, and writes the page's table of them. */
export async function writeResults(scenarios: Scenario[], results: Results): Promise<void> {
    const pretty = async (file: string, text: string) =>
        writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
    await pretty(RESULTS_FILE, JSON.stringify(results));
    await pretty(PAGE, pageWithResults(readFileSync(PAGE, "utf8"), scenarios, results));
}
