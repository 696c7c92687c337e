import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation";
import { LabError } from "../errors";

/** Follows an update, resource by resource. */
export function resourceProgress(say: (text: string) => void) {
    const running = new Set<string>();
    const errors: string[] = [];
    let done = 0;
    return {
        onEvent: ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent) => {
            if (diagnosticEvent?.severity === "error") {
                errors.push(`${diagnosticEvent.prefix ?? ""}${diagnosticEvent.message}`.trim());
            }
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
        /** The error of an update that failed, in the engine's words instead of its whole output. */
        failure: (error: unknown): unknown =>
            errors.length > 0 ? new LabError([...new Set(errors)].join("\n")) : error,
        /** What the update did, in words. */
        summary: (changes: OpMap = {}): string =>
            Object.entries(changes)
                .map(([kind, count]) => `${count} ${kind === "same" ? "unchanged" : `${kind}d`}`)
                .join(", "),
    };
}
