/** The parts of a description in the schema. */
export interface Description {
    /** What it is, without the two below. */
    text: string;
    default?: string;
    /** A TypeScript literal. */
    example?: string;
}

const EXAMPLE = /\n\nExample:(?: `([^`]*)`|\n\n```typescript\n([^]*?)\n```)$/;
/** The sentence with the default ends at a full stop before another sentence or at the end. */
const DEFAULT = /(?:^|\s)Default: ([^]*?)\.(?=\s+[A-Z`]|$)/;

export function readDescription(description = ""): Description {
    const [, short, long] = EXAMPLE.exec(description) ?? [];
    const text = description.replace(EXAMPLE, "").replaceAll(/\s+/g, " ");
    const [, found] = DEFAULT.exec(text) ?? [];
    return { text: text.replace(DEFAULT, "").trim(), default: found, example: short ?? long };
}
