import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/*
 * Reads the `@example` tags of doc comments, which Pulumi's analyzer leaves out.
 */

/** Examples of the properties of interfaces and of classes. Where a class has one, it is of its arguments. */
export interface DocExamples {
    ofProperty(owner: string, property: string): string | undefined;
    ofClass(name: string): string | undefined;
    /** Every example, with the type that it must have. */
    all(): { where: string; file: string; owner: string; type: string; text: string }[];
}

interface Interface {
    file: string;
    bases: string[];
    examples: Map<string, string>;
}

/** The folders whose interfaces are arguments of components. */
const ROOMS = ["components", "plan"];

export function docExamples(root: string): DocExamples {
    const interfaces = new Map<string, Interface>();
    const classes = new Map<string, { file: string; example: string }>();
    for (const file of ROOMS.flatMap((room) => sources(join(root, room)))) {
        const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
        source.forEachChild((node) => {
            if (ts.isInterfaceDeclaration(node)) {
                const bases = (node.heritageClauses ?? []).flatMap(({ types }) =>
                    types.map(({ expression }) => expression.getText()),
                );
                const examples = new Map(
                    node.members.flatMap((member): [string, string][] => {
                        const text = exampleOf(member);
                        return text !== undefined && member.name ? [[member.name.getText(), text]] : [];
                    }),
                );
                interfaces.set(node.name.text, { file, bases, examples });
            } else if (ts.isClassDeclaration(node) && node.name) {
                const example = exampleOf(node);
                if (example !== undefined) {
                    classes.set(node.name.text, { file, example });
                }
            }
        });
    }
    const ofProperty = (owner: string, property: string): string | undefined => {
        const { bases = [], examples } = interfaces.get(owner) ?? {};
        return (
            examples?.get(property) ??
            bases.map((base) => ofProperty(base, property)).find((found) => found !== undefined)
        );
    };
    return {
        ofProperty,
        ofClass: (name) => classes.get(name)?.example,
        all: () => [
            ...[...interfaces].flatMap(([name, { file, examples }]) =>
                [...examples].map(([property, text]) => ({
                    where: `${name}.${property}`,
                    file,
                    owner: name,
                    type: `NonNullable<${name}[${JSON.stringify(property)}]>`,
                    text,
                })),
            ),
            ...[...classes].map(([name, { file, example }]) => ({
                where: name,
                file,
                owner: `${name}Args`,
                type: `${name}Args`,
                text: example,
            })),
        ],
    };
}

/** Where an interface is declared is found by its name, so that no two may have one. */
export function sources(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .sort()
        .map((file) => join(folder, file));
}

function exampleOf(node: ts.Node): string | undefined {
    const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "example");
    return tag && ts.getTextOfJSDocComment(tag.comment)?.trim();
}
