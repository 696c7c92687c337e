import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const WORKFLOWS = join(__dirname, "../../.github/workflows");

export interface Step {
    uses?: string;
    run?: string;
    if?: string;
    with?: Record<string, unknown>;
    env?: Record<string, unknown>;
}

export interface Job {
    if?: string;
    uses?: string;
    needs?: string | string[];
    environment?: string;
    permissions?: Record<string, string>;
    secrets?: Record<string, unknown> | "inherit";
    concurrency?: { group: string; "cancel-in-progress": boolean };
    strategy?: { matrix: Record<string, unknown> };
    "timeout-minutes"?: number;
    with?: Record<string, unknown>;
    env?: Record<string, unknown>;
    steps?: Step[];
}

export interface Workflow {
    file: string;
    text: string;
    on: string | Record<string, unknown>;
    permissions?: Record<string, string>;
    concurrency?: { group: string; "cancel-in-progress": boolean };
    jobs: Record<string, Job>;
}

export function workflows(): Workflow[] {
    return readdirSync(WORKFLOWS).map((file) => {
        const text = readFileSync(join(WORKFLOWS, file), "utf8");
        return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
    });
}

/** A workflow that only other workflows start. */
export function isCalled({ on }: Workflow): boolean {
    return typeof on === "object" && Object.keys(on).join() === "workflow_call";
}
