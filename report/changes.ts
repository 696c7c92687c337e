import { isDeepStrictEqual } from "node:util";
import { safeText } from "./safe";
import { Step, StepState } from "./steps";

/** What happens to a resource, the worst first. */
export const ACTIONS = ["replace", "delete", "update", "create", "same"] as const;
export type Action = (typeof ACTIONS)[number];

/** How each action is marked on a page. */
export const MARKS: Record<Action, string> = { replace: "±", delete: "-", update: "~", create: "+", same: "=" };

/** What happens to one resource, whatever number of steps the engine takes for it. */
export interface Change {
    action: Action;
    urn: string;
    name: string;
    /** As the engine has it, for example `kubernetes:core/v1:Secret`. */
    type: string;
    before?: StepState;
    after?: StepState;
    reasons: string[];
    /** Set where a preview with a refresh found something else than the state has, which `before` has then. */
    drift?: Drift;
}

/** What somebody changed outside of Pulumi, or deleted. */
export interface Drift {
    /** What the state had. */
    recorded?: StepState;
    reasons: string[];
}

const OPERATIONS: Record<string, Action> = {
    create: "create",
    import: "create",
    update: "update",
    delete: "delete",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
};

/** The steps as one change for each resource, replacements and deletions first, by name after that. */
export function changesOf(steps: Step[]): Change[] {
    return [...groupBy(steps, ({ urn }) => urn).entries()]
        .map(([urn, own]) => changeOf(urn, own))
        .sort(
            (one, other) =>
                ACTIONS.indexOf(one.action) - ACTIONS.indexOf(other.action) || compare(one.name, other.name),
        );
}

function changeOf(urn: string, steps: Step[]): Change {
    const { found, planned } = apart(steps);
    const actions = planned.map(({ op }) => OPERATIONS[op] ?? "same");
    const [, , types = "", ...names] = urn.split("::");
    const refreshed = planned.length > 0 ? planned[0].before : found?.after;
    const drift = found && driftBetween(found, refreshed);
    return {
        action: ACTIONS.find((action) => actions.includes(action)) ?? "same",
        urn,
        name: safeText(names.join("::")) ?? "without a name",
        type: safeText(types.split("$").at(-1)) ?? "of no type",
        before: drift ? refreshed && asFound(refreshed) : (planned.find(({ before }) => before) ?? found)?.before,
        // Of a replacement, the step that deletes has no new state, or the old one once more.
        after: (planned.find(({ op, after }) => after && op !== "delete-replaced" && op !== "delete") ?? {}).after,
        reasons: [...new Set(planned.flatMap(({ reasons }) => reasons))],
        ...(drift && { drift }),
    };
}

/**
 * What a refresh found of a resource, and what the update would do after it. The engine tells of a refresh that found a
 * change as an update, or as a deletion, before the steps of the update. Without a refresh, no resource has a second step
 * after either: those of a replacement have operations of their own.
 */
function apart(steps: Step[]): { found?: Step; planned: Step[] } {
    const [first, ...others] = steps;
    const isFound = first.op === "refresh" || (others.length > 0 && (first.op === "update" || first.op === "delete"));
    return isFound ? { found: first, planned: others } : { planned: steps };
}

function driftBetween({ op, before, reasons }: Step, refreshed: StepState | undefined): Drift | undefined {
    const isSame =
        op !== "delete" &&
        refreshed !== undefined &&
        isDeepStrictEqual(before?.inputs, refreshed.inputs) &&
        isDeepStrictEqual(contentOf(before), contentOf(refreshed));
    return isSame ? undefined : { recorded: before, reasons };
}

/**
 * A state with the object as it was found in the cluster for its inputs. The inputs of a refreshed state lack what the
 * program never set: another rule in a list, for example.
 */
function asFound(state: StepState): StepState {
    return { ...state, inputs: { ...state.inputs, ...contentOf(state) } };
}

/** What of an object's outputs somebody has decided: not its status, nor what the server keeps of it. */
function contentOf(state: StepState | undefined): StepState["outputs"] {
    const { apiVersion, metadata: _, status: __, ...content } = state?.outputs ?? {};
    const isObject = apiVersion !== undefined;
    return isObject ? Object.fromEntries(Object.entries(content).filter(([key]) => !key.startsWith("__"))) : {};
}

/** The changes that somebody made outside of Pulumi, as changes from what the state had to what a refresh found. */
export function changesByHand(changes: Change[]): Change[] {
    return changes.map(({ drift, ...change }): Change => {
        const found = change.before;
        return drift
            ? { ...change, action: found ? "update" : "delete", before: drift.recorded, after: found }
            : { ...change, action: "same", after: found };
    });
}

/** The changes of the program, without changes that others made. */
export function changesOfProgram(changes: Change[]): Change[] {
    return changes.map(({ drift, ...change }): Change => {
        if (!drift || change.action === "delete" || change.action === "replace") {
            return change;
        }
        const isSame = isDeepStrictEqual(drift.recorded?.inputs, change.after?.inputs);
        return { ...change, action: isSame ? "same" : "update", before: drift.recorded };
    });
}

/** By characters: the same on every machine. */
export function compare(one: string, other: string): number {
    return one < other ? -1 : one > other ? 1 : 0;
}

/** The elements by their key, in the order in which the keys come first. */
export function groupBy<T>(all: T[], keyOf: (one: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const one of all) {
        const group = groups.get(keyOf(one));
        if (group) {
            group.push(one);
        } else {
            groups.set(keyOf(one), [one]);
        }
    }
    return groups;
}
