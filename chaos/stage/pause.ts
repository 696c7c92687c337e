import { setTimeout } from "node:timers/promises";

const interruption = new AbortController();

/** Waits; fails at once when the run is interrupted, so that a scenario puts back what it took away. */
export async function pause(seconds: number): Promise<void> {
    await setTimeout(seconds * 1000, undefined, { signal: interruption.signal });
}

/** Ends every pause that there is or will be. */
export function interrupt(): void {
    interruption.abort();
}

export function isInterrupted(): boolean {
    return interruption.signal.aborted;
}
