import { Violation } from "../../plan/shared/violation";
import { Fields } from "../fields";
import { ObjectRef } from "../rawObject";

/** Judges the spec of one kind as istiod's webhook does. */
export type Validator = (spec: Fields, refuse: Refuse, namespace: string, name: string) => void;

/** Hears what is refused, and by whom. Default: istiod's webhook. */
export type Refuse = (
    path: string,
    problem: string,
    expected: string,
    fix: string,
    value?: unknown,
    by?: string,
) => void;

/** Everything that a validator refuses in a spec. */
export function refusals(validate: Validator, spec: Fields, { namespace, name }: ObjectRef): Violation[] {
    const found: Violation[] = [];
    const refuse: Refuse = (path, problem, expected, fix, value, by = "Istio's webhook") => {
        const isShown = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
        found.push({ path, ...(isShown && { value }), problem: `${problem}, so ${by} refuses it`, expected, fix });
    };
    validate(spec, refuse, namespace, name);
    return found;
}
