import ts from "typescript";

/** A value that an example leaves to its reader, such as a PEM text. */
export class Placeholder {
    constructor(readonly name: string) {}
}

/** A value as an example writes it. */
export type Literal = string | number | boolean | Placeholder | Literal[] | { [key: string]: Literal };

/** Reads a TypeScript literal. Names in it are placeholders; anything that would have to be run is an error. */
export function parseLiteral(text: string): Literal {
    const source = ts.createSourceFile("example.ts", `(${text}\n)`, ts.ScriptTarget.Latest, true);
    const [statement] = source.statements;
    if (source.statements.length !== 1 || !ts.isExpressionStatement(statement)) {
        throw new Error(`not one value: ${text}`);
    }
    return literalOf(statement.expression);
}

function literalOf(node: ts.Expression): Literal {
    if (ts.isParenthesizedExpression(node)) {
        return literalOf(node.expression);
    }
    if (ts.isStringLiteralLike(node)) {
        return node.text;
    }
    if (ts.isNumericLiteral(node)) {
        return Number(node.text);
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
        return node.kind === ts.SyntaxKind.TrueKeyword;
    }
    if (ts.isIdentifier(node)) {
        return new Placeholder(node.text);
    }
    if (ts.isArrayLiteralExpression(node)) {
        return node.elements.map(literalOf);
    }
    if (ts.isObjectLiteralExpression(node)) {
        return Object.fromEntries(node.properties.map(propertyOf));
    }
    throw new Error(`an example must be a literal, and this is not one: ${node.getText()}`);
}

function propertyOf(property: ts.ObjectLiteralElementLike): [string, Literal] {
    if (ts.isShorthandPropertyAssignment(property)) {
        return [property.name.text, new Placeholder(property.name.text)];
    }
    if (ts.isPropertyAssignment(property) && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))) {
        return [property.name.text, literalOf(property.initializer)];
    }
    throw new Error(`an example must be a literal, and this is not one: ${property.getText()}`);
}
