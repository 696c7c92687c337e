import type { ChildProcess } from "node:child_process";
import { messageOf } from "../lab/errors";

const steps: (() => Promise<unknown>)[] = [];
const running = new Set<ChildProcess>();
let isInterrupted = false;

/** Remembers a process that does a part's work, to end it when the part is interrupted. */
export function endWhenInterrupted(child: ChildProcess): void {
    running.add(child);
    if (isInterrupted) {
        child.kill("SIGTERM");
    }
    child.once("exit", () => running.delete(child));
}

/** Ends the work of an interrupted part; the part then fails by itself. */
export function interrupt(): void {
    isInterrupted = true;
    running.forEach((child) => child.kill("SIGTERM"));
}

/** Registers how to take something down when the part ends, however it ends, in reverse order of registration. */
export function takeDownLater(step: () => Promise<unknown>): void {
    steps.push(step);
}

/** Takes everything down. A failing step does not stop the others. */
export async function takeDown(): Promise<void> {
    const failures: string[] = [];
    for (let step = steps.pop(); step; step = steps.pop()) {
        await step().catch((error: unknown) => failures.push(messageOf(error)));
    }
    if (failures.length > 0) {
        throw new Error(`not everything was taken down:\n${failures.join("\n")}`);
    }
}
