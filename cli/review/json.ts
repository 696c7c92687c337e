import { Outcome } from "./outcome";

/** The findings for programs; also the form of a baseline. */
export function jsonOutput({ findings, objects, skipped }: Outcome): string {
    return JSON.stringify({ findings, objects, skipped }, null, 2);
}
