/** Whether the value is an object with keys, such as a map of YAML: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
