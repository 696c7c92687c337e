import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

const load = createRequire(__filename);

const ROOT = join(__dirname, "../..");
const ROOMS = ["plan", "components", "review", "report", "cli", "policy", "stacks"];

/** Defaults that stand out as texts: a second one in the sources would be a second place to change. */
const TEXTS = [
    "cluster.local",
    "istio-system",
    "istio-egress",
    "egress-gateway",
    "aks-istio-system",
    "aks-istio-egress",
    "mesh-external",
    "Standard_B2s",
    "10.244.0.0/16",
    "10.0.0.0/16",
    "10.64.0.0/16",
    "10.250.0.0/28",
    "docker.io/istio",
    "https://blob.istio.io/istio-release/charts",
    "https://charts.jetstack.io",
];

/** The same text for two things that have nothing to do with each other, each with its own place. */
const TWO_THINGS: Record<string, string> = {
    "cluster.local": "the domain of services, and the trust domain of a mesh",
};

const sources = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith("meshConfigTypes.ts"))
        .map((file) => {
            const path = `${room}/${file}`;
            const text = readFileSync(join(ROOT, path), "utf8");
            return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
        }),
);

interface Found {
    place: string;
    value: string;
}

function find(look: (node: ts.Node) => string | undefined): Found[] {
    return sources.flatMap(({ path, tree }) => {
        const found: Found[] = [];
        const visit = (node: ts.Node): void => {
            const value = look(node);
            if (value !== undefined) {
                const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
                found.push({ place: `${path}:${line + 1}`, value });
            }
            ts.forEachChild(node, visit);
        };
        visit(tree);
        return found;
    });
}

function literal(node: ts.Node): string | undefined {
    const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
    return isText || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
        ? node.text
        : undefined;
}

/** `name = 1` among bound names, and `name ?? 1`: the name and the value, where it is written down and not empty. */
function fallback(node: ts.Node): string | undefined {
    const [of, value] = ts.isBindingElement(node)
        ? [node.propertyName ?? node.name, node.initializer]
        : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
          ? [node.left, node.right]
          : [];
    const isWritten =
        value &&
        ((ts.isNumericLiteral(value) && value.text !== "0") ||
            (ts.isStringLiteral(value) && value.text !== "") ||
            isFullList(value));
    const name = of && (ts.isPropertyAccessExpression(of) ? of.name : of);
    return isWritten && name && ts.isIdentifier(name) ? `${name.text} ?? ${value.getText()}` : undefined;
}

function isFullList(node: ts.Node): boolean {
    return ts.isArrayLiteralExpression(node) && node.elements.length > 0;
}

function twice(found: Found[]): string[] {
    const places = new Map<string, string[]>();
    for (const { place, value } of found) {
        places.set(value, [...(places.get(value) ?? []), place]);
    }
    return [...places].filter(([, all]) => all.length > 1).map(([value, all]) => `${value}: ${all.join(", ")}`);
}

describe("the defaults of options", () => {
    for (const text of TEXTS) {
        it(`have ${text} written once`, () => {
            const whole = new RegExp(`(?<![\\w.-])${text.replaceAll(".", "\\.")}(?![\\w-]|\\.\\w)`);
            const places = find((node) => (whole.test(literal(node) ?? "") ? text : undefined)).map(
                ({ place }) => place,
            );
            assert.equal(places.length, text in TWO_THINGS ? 2 : 1, places.join(", "));
        });
    }

    it("are written down for an option at one place", () => {
        assert.deepEqual(twice(find(fallback)), [], "give it a name next to the option, and use the name");
    });
});

/** The objects `..._DEFAULTS` of the sources, each with the interface that it satisfies. */
const TABLES = sources.flatMap(({ path, tree }) =>
    tree.statements.flatMap((statement) =>
        ts.isVariableStatement(statement)
            ? statement.declarationList.declarations
                  .filter(({ name, initializer }) => /_DEFAULTS$/.test(name.getText()) && initializer)
                  .map(({ name, initializer }) => ({
                      path,
                      tree,
                      name: name.getText(),
                      of: /satisfies (?:\w+<)*(?:keyof )?(\w+)/.exec(initializer!.getText())?.[1] ?? "",
                  }))
            : [],
    ),
);

describe("the comment of an option", () => {
    it("has tables of defaults to be compared with", () => assert.ok(TABLES.length >= 8, String(TABLES.length)));

    for (const { path, tree, name, of } of TABLES) {
        it(`states the default that ${name} of ${path} has`, () => {
            const values = load(join(ROOT, path)) as Record<string, Record<string, unknown>>;
            const declared = tree.statements.find(
                (statement): statement is ts.InterfaceDeclaration =>
                    ts.isInterfaceDeclaration(statement) && statement.name.text === of,
            );
            assert.ok(
                declared,
                `${name} is next to the interface whose options it gives defaults to; ${of} is not there`,
            );
            for (const [option, value] of Object.entries(values[name])) {
                const member: ts.TypeElement | undefined = declared.members.find(
                    (one) => one.name?.getText() === option,
                );
                assert.ok(member, `${of} has no ${option}`);
                const comment: string = member.getFullText().replaceAll(/\s*\n\s*\*?\s*/g, " ");
                const stated: string = /Default: `?([^\s`]*[^\s`.,;])/.exec(comment)?.[1] ?? "";
                assert.equal(stated.toLowerCase(), String(value).toLowerCase(), `${of}.${option}: ${comment}`);
            }
        });
    }
});
