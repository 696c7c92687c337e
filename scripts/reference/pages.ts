import { ObjectSpec, PackageSchema, componentOptions, isEnum } from "../../plan/arguments/packageSchema";
import { readDescription } from "./description";
import { Literal, Placeholder, parseLiteral } from "./literal";
import { pythonName, pythonText, yamlText } from "./spelling";
import { TYPES_PAGE, argumentTable, cell, enumTable, lastPart, outputTable } from "./tables";

/** Every page of the reference by its file name, as Markdown that is not formatted yet. */
export function referencePages(schema: PackageSchema): Map<string, string> {
    const components = Object.keys(schema.resources).map(lastPart).sort();
    return new Map([
        ["README.md", indexPage(schema, components)],
        [TYPES_PAGE, typesPage(schema)],
        ...components.map((name): [string, string] => [`${name}.md`, componentPage(schema, name)]),
    ]);
}

const NOTE =
    "<!-- Written by `npm run reference` from schema.json. Change the doc comments in the sources instead. -->";

function indexPage(schema: PackageSchema, components: string[]): string {
    const rows = components.map((name) => {
        const { text } = readDescription(componentOptions(schema, name).description);
        return `| [${name}](${name}.md) | ${cell(firstSentence(text))} |`;
    });
    return `${NOTE}

# Reference

Look up a component's arguments and outputs here, as TypeScript, YAML and Python spell them.

| Component | What it is |
| --- | --- |
${rows.join("\n")}

The types of arguments are on [a page of their own](${TYPES_PAGE}).

How to read a table:

- TypeScript and YAML spell an argument as the first column says, Python as the second.
- _or output_ means that the value may be an output of another resource. Every other value must be known before the update, because it decides
  which resources there are.
- A value of an enum is text in each language: \`mode: "simpleTls"\` in TypeScript, \`mode: simpleTls\` in YAML and \`mode="simpleTls"\` in Python.
  TypeScript and Python also have its members, such as \`EgressMode.SimpleTls\` and \`EgressMode.SIMPLE_TLS\`.
`;
}

function componentPage(schema: PackageSchema, name: string): string {
    const options = componentOptions(schema, name);
    const { text, example } = readDescription(options.description);
    const { properties = {} } = schema.resources[`${schema.name}:index:${name}`];
    return `${NOTE}

# ${name}

${text}

${example === undefined ? "" : exampleBlocks(schema, name, options, example)}
## Arguments

${argumentTable(schema, options)}

## Outputs

${outputTable(schema, properties)}
`;
}

function exampleBlocks(schema: PackageSchema, name: string, options: ObjectSpec, example: string): string {
    const value = parseLiteral(example) as Record<string, Literal>;
    const named = [...placeholders(value)];
    const later = named.length === 0 ? "" : `\nThe example leaves ${list(named.map((one) => `\`${one}\``))} to you.\n`;
    const python = Object.entries(value).map(
        ([key, part]) => `    ${pythonName(key)}=${pythonText(schema, options.properties[key] ?? {}, part, "    ")},\n`,
    );
    return `## Example
${later}
TypeScript:

\`\`\`typescript
import { ${name} } from "${schema.name}";

new ${name}("example", ${example});
\`\`\`

YAML:

\`\`\`yaml
resources:
  example:
    type: ${schema.name}:${name}
    properties:
${indented(yamlText(value), "      ")}
\`\`\`

Python:

\`\`\`python
from pulumi_${schema.name.replaceAll("-", "_")} import ${name}

${name}(
    "example",
${python.join("")})
\`\`\`
`;
}

function placeholders(value: Literal): Set<string> {
    if (value instanceof Placeholder) {
        return new Set([value.name]);
    }
    return typeof value === "object"
        ? new Set(Object.values(value).flatMap((part) => [...placeholders(part)]))
        : new Set();
}

function typesPage(schema: PackageSchema): string {
    const sections = Object.entries(schema.types)
        .map(([token, type]) => ({ name: lastPart(token), type }))
        .sort((a, b) => a.name.localeCompare(b.name, "en"))
        .map(
            ({ name, type }) => `## ${name}\n\n${isEnum(type) ? enumTable(name, type) : argumentTable(schema, type)}\n`,
        );
    return `${NOTE}\n\n# Types\n\nLook up the objects and enums here that arguments and outputs of [components](README.md) have.\n\n${sections.join("\n")}`;
}

function firstSentence(text: string): string {
    return /^[^]*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
}

function list(words: string[]): string {
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function indented(text: string, by: string): string {
    return text.replaceAll(/^(?=.)/gm, by);
}
