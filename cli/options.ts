import { REVIEW_DEFAULTS } from "../review/reviewContext";

/** An option that can be repeated, or given once with commas. */
export function listOption(describe: string) {
    return {
        type: "string",
        requiresArg: true,
        default: [] as string[],
        defaultDescription: "none",
        describe,
        coerce: (value: string | string[]): string[] =>
            [value]
                .flat()
                .flatMap((text) => text.split(","))
                .map((text) => text.trim())
                .filter((text) => text !== ""),
    } as const;
}

/** The option `--output` of what is written for people by default, or as JSON. */
export function textOrJson(describe: string) {
    return { alias: "o", choices: ["text", "json"] as const, default: "text" as const, describe };
}

/** The option `--root-namespace`. */
export const rootNamespace = {
    type: "string",
    requiresArg: true,
    describe: `Istio's root namespace. Default: ${REVIEW_DEFAULTS.rootNamespace}`,
} as const;
