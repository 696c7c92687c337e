import { CORE_SCHEMA, Type, YAMLException, load } from "js-yaml";
import { readPlainYaml } from "./plainYaml";

/** One document of a file. */
export interface YamlDocument {
    /** Line of the file on which the document starts, from 1. */
    line: number;
    text: string;
    value: unknown;
}

/** Where and why a text is neither YAML nor JSON. */
export interface YamlProblem {
    line: number;
    column: number;
    reason: string;
}

const MERGE_KEY = new Type("tag:yaml.org,2002:merge", { kind: "scalar", resolve: (key: unknown) => key === "<<" });

/** Kubernetes reads dates as text and knows merge keys. */
const KUBERNETES_SCHEMA = CORE_SCHEMA.extend({ implicit: [MERGE_KEY] });

/** The documents of a YAML or JSON text, and the first problem of each that cannot be read. */
export function readDocuments(text: string): { documents: YamlDocument[]; problems: YamlProblem[] } {
    const whole = parseJson(text);
    if (whole !== undefined) {
        return { documents: [{ line: 1, text, value: whole }], problems: [] };
    }
    const documents: YamlDocument[] = [];
    const problems: YamlProblem[] = [];
    for (const { line, column, text: part } of splitDocuments(text)) {
        try {
            const value = readPlainYaml(part, resolveScalar) ?? parseYaml(part);
            const template = templateLine(part, value);
            if (template !== undefined) {
                problems.push({ line: line + template, column: 1, reason: "a template, not YAML" });
            } else if (value !== undefined && value !== null) {
                documents.push({ line, text: part, value });
            }
        } catch (error) {
            problems.push(problemOf(error, line, column));
        }
    }
    return { documents, problems };
}

/** The whole parser. */
export function parseYaml(text: string): unknown {
    // The API server takes the last of two equal keys, and so does this.
    return load(text, { schema: KUBERNETES_SCHEMA, json: true });
}

const scalars = new Map<string, unknown>();

/** Numbers and addresses come again and again. */
export function resolveScalar(scalar: string): unknown {
    if (scalars.has(scalar)) {
        return scalars.get(scalar);
    }
    const value = parseYaml(scalar);
    scalars.set(scalar, value);
    return value;
}

/** What kubectl prints as JSON is read ten times faster as such. */
function parseJson(text: string): unknown {
    if (!/^\s*[{[]/.test(text)) {
        return undefined;
    }
    try {
        return JSON.parse(text) as unknown;
    } catch {
        // It may be YAML in flow style; if it is not, the YAML parser says where.
        return undefined;
    }
}

/** A part of the text: a document, or what stands between two. */
interface Part {
    /** Line of the file on which it starts, from 1. */
    line: number;
    /** Column of the file in which it starts, from 0. */
    column: number;
    text: string;
}

/** Cuts a stream of documents at its markers, which no indented text can be mistaken for. */
function splitDocuments(stream: string): Part[] {
    const text = withoutDirectives(stream.replace(/^\uFEFF/, ""));
    const parts: Part[] = [];
    let part = { line: 1, column: 0, start: 0 };
    const end = (position: number) => {
        parts.push({ line: part.line, column: part.column, text: text.slice(part.start, position) });
    };
    let line = 1;
    let counted = 0;
    for (const { 0: whole, 1: before, 2: marker, index } of text.matchAll(/(^|\n)(---|\.\.\.)(?=\s|$)/g)) {
        const position = index + before.length;
        end(position);
        line += lineBreaks(text, counted, position);
        counted = position;
        // What follows "---" on its line belongs to the document, and after "..." there can only be a comment.
        const next = text.indexOf("\n", position);
        const start = marker === "---" ? index + whole.length : next === -1 ? text.length : next;
        part = { line, column: start - position, start };
    }
    end(text.length);
    return parts;
}

/** The same lines, with directives such as `%YAML 1.2` replaced by empty lines. */
function withoutDirectives(text: string): string {
    return text.startsWith("%") || text.includes("\n%") ? text.replace(/(^|\n)%[^\n]*/g, "$1") : text;
}

function lineBreaks(text: string, from: number, to: number): number {
    let count = 0;
    for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) {
        count += 1;
    }
    return count;
}

/** A template's `{{ name }}` can pass for a map whose key is a map, which Kubernetes has nowhere. Gives the line from 0. */
function templateLine(text: string, value: unknown): number | undefined {
    const start = text.indexOf("{{");
    return start !== -1 && hasMapAsKey(value) ? text.slice(0, start).split("\n").length - 1 : undefined;
}

function hasMapAsKey(value: unknown, seen = new Set<unknown>()): boolean {
    if (typeof value !== "object" || value === null || seen.has(value)) {
        return false;
    }
    // An anchor of YAML can make a value contain itself.
    seen.add(value);
    return Object.entries(value).some(([key, inner]) => key === "[object Object]" || hasMapAsKey(inner, seen));
}

function problemOf(error: unknown, firstLine: number, firstColumn: number): YamlProblem {
    if (error instanceof YAMLException && error.mark) {
        return {
            line: firstLine + error.mark.line,
            column: error.mark.column + 1 + (error.mark.line === 0 ? firstColumn : 0),
            // The parser's snippet would repeat a part of the file, which may be a secret.
            reason: withoutQuotation(error.reason),
        };
    }
    return {
        line: firstLine,
        column: 1,
        reason: error instanceof Error ? error.message.split("\n")[0] : String(error),
    };
}

/** The reason alone: a password that begins with * or ! is an alias or a tag for YAML, and the parser repeats it. */
function withoutQuotation(reason: string): string {
    return reason.replace(/(?<=alias|handle) ".*"|\s?!<.*>|: .*/s, "");
}
