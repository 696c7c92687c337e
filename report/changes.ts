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
    const actions = steps.map(({ op }) => OPERATIONS[op] ?? "same");
    const [, , types = "", ...names] = urn.split("::");
    return {
        action: ACTIONS.find((action) => actions.includes(action)) ?? "same",
        urn,
        name: safeText(names.join("::")) ?? "without a name",
        type: safeText(types.split("$").at(-1)) ?? "of no type",
        before: steps.find(({ before }) => before)?.before,
        // Of a replacement, the step that deletes has no new state, or the old one once more.
        after: (steps.find(({ op, after }) => after && op !== "delete-replaced" && op !== "delete") ?? {}).after,
        reasons: [...new Set(steps.flatMap(({ reasons }) => reasons))],
    };
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
