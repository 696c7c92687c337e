import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation";

/** Follows an update, resource by resource. */
export function resourceProgress(say: (text: string) => void) {
    const running = new Set<string>();
    let done = 0;
    return {
        onEvent: ({ resourcePreEvent, resOutputsEvent }: EngineEvent) => {
            const started = resourcePreEvent?.metadata;
            if (started && started.op !== "same") {
                running.add(started.urn);
            }
            const ended = resOutputsEvent?.metadata;
            if (ended) {
                running.delete(ended.urn);
                done++;
            }
            const names = [...running].map((urn) => urn.slice(urn.lastIndexOf("::") + 2));
            say(`${done} resources; ${names.slice(-3).join(", ")}`);
        },
        /** What the update did, in words. */
        summary: (changes: OpMap = {}): string =>
            Object.entries(changes)
                .map(([kind, count]) => `${count} ${kind === "same" ? "unchanged" : `${kind}d`}`)
                .join(", "),
    };
}
