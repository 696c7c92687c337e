import { Violation } from "../../plan/shared/violation";
import { Fields } from "../fields";

/** Judges the spec of one kind as istiod's webhook does. */
export type Validator = (spec: Fields, namespace: string) => readonly Violation[];

export function refused(path: string, problem: string, expected: string, fix: string, value?: unknown): Violation {
    const isShown = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return { path, ...(isShown && { value }), problem: `${problem}, so Istio's webhook refuses it`, expected, fix };
}

const NOTHING: readonly Violation[] = [];

/** The violation if something is so. */
export function refuseIf(isSo: boolean, violation: () => Violation): readonly Violation[] {
    return isSo ? [violation()] : NOTHING;
}
