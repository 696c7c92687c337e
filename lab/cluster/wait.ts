import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until the answer is true; false when the time is up. */
export async function until(condition: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
    const deadline = performance.now() + seconds * 1000;
    while (!(await condition())) {
        if (performance.now() > deadline) return false;
        await sleep(100);
    }
    return true;
}
