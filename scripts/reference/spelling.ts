import * as yaml from "yaml";
import { PackageSchema, ValueSpec, isEnum, referredType } from "../../plan/arguments/packageSchema";
import { Literal, Placeholder } from "./literal";

/** As Pulumi's Python SDKs spell `allowFrom`: `allow_from`. */
export function pythonName(name: string): string {
    return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

/** The value as YAML, in which a placeholder is a Pulumi expression. */
export function yamlText(value: Literal): string {
    return yaml
        .stringify(
            plain(value, (name) => `\${${name}}`),
            { lineWidth: 0 },
        )
        .trimEnd();
}

function plain(value: Literal, placeholder: (name: string) => string): unknown {
    if (value instanceof Placeholder) {
        return placeholder(value.name);
    }
    if (Array.isArray(value)) {
        return value.map((item) => plain(item, placeholder));
    }
    return typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part, placeholder)]))
        : value;
}

/** The value as Python: options have Python's names, keys of the author's own stay as they are. */
export function pythonText(schema: PackageSchema, spec: ValueSpec, value: Literal, indent = ""): string {
    const inner = `${indent}    `;
    if (value instanceof Placeholder) {
        return pythonName(value.name);
    }
    if (Array.isArray(value)) {
        const items = value.map((item) => pythonText(schema, spec.items ?? {}, item, inner));
        return bracketed("[", items, "]", indent);
    }
    if (typeof value === "object") {
        const type = referredType(schema, spec);
        const properties = type && !isEnum(type) ? type.properties : undefined;
        const items = Object.entries(value).map(([key, part]) => {
            const of = properties?.[key] ?? spec.additionalProperties ?? {};
            return `${JSON.stringify(properties ? pythonName(key) : key)}: ${pythonText(schema, of, part, inner)}`;
        });
        return bracketed("{", items, "}", indent);
    }
    return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}

/** On one line where that is short enough. */
function bracketed(open: string, items: string[], close: string, indent: string): string {
    const line = `${open}${items.join(", ")}${close}`;
    if (line.length <= 80 && !line.includes("\n")) {
        return line;
    }
    return `${open}\n${items.map((item) => `${indent}    ${item},\n`).join("")}${indent}${close}`;
}
