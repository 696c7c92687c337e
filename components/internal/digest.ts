import { createHash } from "node:crypto";

/** A text that changes with the value. */
export function digest(value: unknown): string {
    return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
