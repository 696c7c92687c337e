import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Fields, at, list, texts, withoutSecrets } from "./safe";

/** One resource of a preview, as little of it as a report needs. */
export interface Step {
    /** What the engine would do: create, update, replace, delete, same... */
    op: string;
    urn: string;
    before?: StepState;
    after?: StepState;
    /** Names of the properties that changed, or that force the replacement. */
    reasons: string[];
}

export interface StepState {
    inputs: Fields;
    outputs: Fields;
}

/** The steps of a preview that ran through the Automation API. */
export function stepsOfEvents(events: EngineEvent[]): Step[] {
    return events.flatMap(({ resourcePreEvent }) => {
        const step = resourcePreEvent?.metadata;
        return step ? [readStep(step, "old", "new", step.keys?.length ? step.keys : (step.diffs ?? []))] : [];
    });
}

/** The steps in what `pulumi preview --json` writes. With `--show-sames` too the report knows what stays. */
export function stepsOfPreview(file: string): Step[] {
    const preview: unknown = JSON.parse(file);
    if (!Array.isArray(at(preview, "steps"))) {
        throw new Error('This is no output of "pulumi preview --json": it has no list "steps".');
    }
    return list(at(preview, "steps")).map((step) => {
        const forced = texts(at(step, "replaceReasons"));
        return readStep(step, "oldState", "newState", forced.length > 0 ? forced : texts(at(step, "diffReasons")));
    });
}

function readStep(step: unknown, before: string, after: string, reasons: string[]): Step {
    return {
        op: String(at(step, "op")),
        urn: String(at(step, "urn")),
        before: readState(at(step, before)),
        after: readState(at(step, after)),
        // The property alone: below it there are keys of the user's own.
        reasons: [...new Set(reasons.map((path) => path.split(/[.[]/)[0]))].filter((name) => /^[a-z]+$/i.test(name)),
    };
}

function readState(state: unknown): StepState | undefined {
    return state === undefined || state === null
        ? undefined
        : { inputs: readFields(at(state, "inputs")), outputs: readFields(at(state, "outputs")) };
}

function readFields(value: unknown): Fields {
    return (withoutSecrets(value) ?? {}) as Fields;
}
