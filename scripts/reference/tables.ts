import {
    EnumSpec,
    ObjectSpec,
    PackageSchema,
    ValueSpec,
    isAny,
    referredType,
} from "../../plan/arguments/packageSchema";
import { readDescription } from "./description";
import { parseLiteral } from "./literal";
import { pythonName, pythonText } from "./spelling";

/** The page of all types that arguments have. */
export const TYPES_PAGE = "types.md";

export function enumTable(name: string, type: EnumSpec): string {
    const rows = type.enum.map(
        ({ value, name: member = "", description }) =>
            `| \`${value}\` | \`${name}.${member}\` | \`${name}.${pythonName(member).toUpperCase()}\` | ${cell(readDescription(description).text)} |`,
    );
    return `| Value | TypeScript | Python | Meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}`;
}

export function argumentTable(schema: PackageSchema, { properties, required = [] }: ObjectSpec): string {
    const rows = Object.entries(properties)
        // Those that must be given come first.
        .sort(([a], [b]) => Number(required.includes(b)) - Number(required.includes(a)))
        .map(([name, spec]) => {
            const { text, default: byDefault, example } = readDescription(spec.description);
            const meaning = [text, ...(example === undefined ? [] : [exampleCell(schema, spec, example)])].join("<br>");
            const without = required.includes(name) ? "**required**" : (byDefault ?? "none");
            return `| \`${name}\` | \`${pythonName(name)}\` | ${typeText(schema, name, spec)} | ${cell(without)} | ${cell(meaning)} |`;
        });
    return rows.length === 0
        ? "None."
        : `| Argument | In Python | Type | Default | Meaning |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}`;
}

/** A literal of one line is the same in TypeScript and as YAML in braces. */
function exampleCell(schema: PackageSchema, spec: ValueSpec, example: string): string {
    const python = pythonText(schema, spec, parseLiteral(example)).replaceAll(/\s*\n\s*/g, " ");
    return `Example: \`${example}\`${python === example ? "" : `, in Python \`${python}\``}`;
}

export function outputTable(schema: PackageSchema, properties: Record<string, ValueSpec>): string {
    const rows = Object.entries(properties).map(
        ([name, spec]) =>
            `| \`${name}\` | \`${pythonName(name)}\` | ${typeText(schema, name, { ...spec, plain: true })} | ${cell(readDescription(spec.description).text)} |`,
    );
    return rows.length === 0
        ? "None."
        : `| Output | In Python | Type | Meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}`;
}

/** Units that the name of a number ends with. */
const UNITS = ["Seconds", "Hours", "Days", "GiB"];

function typeText(schema: PackageSchema, name: string, spec: ValueSpec): string {
    const unit = UNITS.find((one) => name.endsWith(one));
    const unitText = unit && spec.type === "number" ? ` of ${unit.toLowerCase()}` : "";
    return `${bareType(schema, spec)}${unitText}${spec.plain ? "" : " _or output_"}`;
}

function bareType(schema: PackageSchema, spec: ValueSpec): string {
    if (isAny(spec)) {
        return "any value";
    }
    if (referredType(schema, spec)) {
        const name = lastPart(spec.$ref!);
        return `[${name}](${TYPES_PAGE}#${name.toLowerCase()})`;
    }
    switch (spec.type) {
        case "array":
            return `list of ${bareType(schema, spec.items ?? {})}`;
        case "object":
            return `map of ${bareType(schema, spec.additionalProperties ?? {})}`;
        default:
            return spec.type ?? "any value";
    }
}

/** The name in a token of the schema, such as `EgressMode` in `mesh-egress:index:EgressMode`. */
export function lastPart(token: string): string {
    return token.slice(token.lastIndexOf(":") + 1);
}

/** Text that can stand in a cell of a Markdown table. */
export function cell(text: string): string {
    return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
