import { EngineEvent } from "@pulumi/pulumi/automation";
import { PreviewError } from "./previewError";
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
    const steps = list(at(parsed(file), "steps"));
    const wrong = steps.findIndex((step) => typeof at(step, "op") !== "string" || typeof at(step, "urn") !== "string");
    if (wrong !== -1) {
        throw notPreview(`steps[${wrong}] has no "op" and "urn"`);
    }
    return steps.map((step) => {
        const forced = texts(at(step, "replaceReasons"));
        return readStep(step, "oldState", "newState", forced.length > 0 ? forced : texts(at(step, "diffReasons")));
    });
}

/** Without a change the engine may leave out the list of steps. */
function parsed(file: string): unknown {
    let preview: unknown;
    try {
        preview = JSON.parse(file);
    } catch {
        // What the parser says would repeat a part of the file, which may be anything.
        throw notPreview(
            /^\s*\{"(sequence|timestamp)"/.test(file)
                ? "it is an event log, with one event per line"
                : "it is not JSON",
        );
    }
    const steps = at(preview, "steps");
    if (steps === undefined && at(preview, "changeSummary") !== undefined) {
        return { steps: [] };
    }
    if (!Array.isArray(steps)) {
        throw notPreview('it has no list "steps"');
    }
    return preview;
}

function notPreview(problem: string): PreviewError {
    return new PreviewError(
        `This is not the output of "pulumi preview --json": ${problem}. Create it with: pulumi preview --json --show-sames > preview.json`,
    );
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
