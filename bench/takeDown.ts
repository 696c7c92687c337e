import { messageOf } from "../lab/errors";

const steps: (() => Promise<unknown>)[] = [];

/** Remembers how to take something down. It is, when the part ends, however it ends: the last one made is the first. */
export function takeDownLater(step: () => Promise<unknown>): void {
    steps.push(step);
}

/** Takes down what was made; one step that fails does not keep the others from being tried. */
export async function takeDown(): Promise<void> {
    const failures: string[] = [];
    for (let step = steps.pop(); step; step = steps.pop()) {
        await step().catch((error: unknown) => failures.push(messageOf(error)));
    }
    if (failures.length > 0) {
        throw new Error(`not everything was taken down:\n${failures.join("\n")}`);
    }
}
