/*
 * Reads the YAML that tools write: block maps and lists whose scalars stand on one line. On tens of thousands of objects
 * this takes a fraction of what a whole YAML parser takes. Whatever it is not sure of it leaves to that parser.
 */

import { remembered } from "../../review/remembered";

/** Hears where a map's key, or a list's item, stands: an offset in the text. */
export type OnPlace = (container: object, key: string | number, offset: number) => void;

/** Gives the value of a scalar that is neither quoted nor plainly a word. */
export type ResolveScalar = (scalar: string) => unknown;

/** The value of a document; undefined if it has anything that only a whole YAML parser can read. */
export function readPlainYaml(text: string, resolve: ResolveScalar, onPlace?: OnPlace): object | undefined {
    if (UNUSUAL.test(text)) {
        return undefined;
    }
    try {
        return new PlainReader(text, resolve, onPlace).document();
    } catch (error) {
        if (error === NOT_PLAIN) {
            return undefined;
        }
        throw error;
    }
}

/** Characters other than line feeds and printable ones: tabs, carriage returns, and what YAML forbids. */
const UNUSUAL = /[^\n -~\u00a1-\u1fff\u3001-\ud7ff]/;
const NOT_PLAIN = new Error("not plain YAML");
/** Deeper documents are left to the parser, which has its own bound. */
const MAX_DEPTH = 60;

const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const DASH = 45;
const COLON = 58;
const BRACKET = 91;
const BACKSLASH = 92;
const BRACE = 123;
const F = 102;
const N = 110;
const T = 116;

class PlainReader {
    /** The line that is looked at: where it starts and ends, where its text starts, and how far that is indented. */
    private start = 0;
    private end = -1;
    private at = 0;
    /** -1 after the last line. */
    private indent = -1;
    private depth = 0;
    /** Where the scalar that was read last ends. */
    private scalarEnd = 0;

    constructor(
        private readonly text: string,
        private readonly resolve: ResolveScalar,
        private readonly onPlace: OnPlace | undefined,
    ) {}

    document(): object {
        this.nextLine();
        const value = this.indent === -1 ? undefined : this.block();
        if (value === undefined || this.indent !== -1) {
            throw NOT_PLAIN;
        }
        return value;
    }

    /** Goes to the next line that is neither empty nor a comment. */
    private nextLine(): void {
        const { text } = this;
        let start = this.end + 1;
        while (start < text.length) {
            let end = text.indexOf("\n", start);
            if (end === -1) {
                end = text.length;
            }
            let at = start;
            while (text.charCodeAt(at) === SPACE) {
                at++;
            }
            if (at < end && text.charCodeAt(at) !== HASH) {
                this.start = start;
                this.end = end;
                this.at = at;
                this.indent = at - start;
                return;
            }
            start = end + 1;
        }
        this.end = text.length;
        this.indent = -1;
    }

    /** The map or list that starts on this line. */
    private block(): object {
        if (++this.depth > MAX_DEPTH) {
            throw NOT_PLAIN;
        }
        const value = this.isItem() ? this.list() : this.map();
        this.depth--;
        return value;
    }

    private isItem(): boolean {
        return this.text.charCodeAt(this.at) === DASH && this.isSeparated(this.at + 1);
    }

    /** Whether there is a space, or the end of the line. */
    private isSeparated(position: number): boolean {
        return position >= this.end || this.text.charCodeAt(position) === SPACE;
    }

    private map(): object {
        const { indent } = this;
        const value: Record<string, unknown> = {};
        do {
            const from = this.at;
            const to = this.keyEnd(from);
            if (to === -1) {
                throw NOT_PLAIN;
            }
            const key = this.text.slice(from, to);
            this.onPlace?.(value, key, from);
            value[key] = this.valueAfter(to + 1, indent);
        } while (this.indent === indent);
        return value;
    }

    private valueAfter(position: number, indent: number): unknown {
        const at = this.skipSpaces(position);
        if (!this.isBlank(at)) {
            return this.scalar(at, indent);
        }
        this.nextLine();
        // A list may stand below its key without being indented.
        return this.indent > indent || (this.indent === indent && this.isItem()) ? this.block() : null;
    }

    private list(): object {
        const { indent } = this;
        const value: unknown[] = [];
        do {
            const at = this.skipSpaces(this.at + 1);
            value.push(this.item(at, indent, value));
        } while (this.indent === indent && this.isItem());
        return value;
    }

    private item(at: number, indent: number, container: unknown[]): unknown {
        if (this.isBlank(at)) {
            this.nextLine();
            if (this.indent <= indent) {
                return null;
            }
            this.onPlace?.(container, container.length, this.at);
            return this.block();
        }
        this.onPlace?.(container, container.length, at);
        if (this.keyEnd(at) === -1) {
            return this.scalar(at, indent);
        }
        // The keys below stand under the first one.
        this.at = at;
        this.indent = at - this.start;
        return this.block();
    }

    /** Where the key that starts here ends, if it is a word with a colon; else -1. */
    private keyEnd(from: number): number {
        const { text } = this;
        if (!isLetter(text.charCodeAt(from))) {
            return -1;
        }
        let to = from + 1;
        while (isWordPart(text.charCodeAt(to))) {
            to++;
        }
        const isKey = text.charCodeAt(to) === COLON && this.isSeparated(to + 1) && !isConstant(text, from, to);
        return isKey ? to : -1;
    }

    /** The scalar that starts here, alone on the rest of its line; then goes to the next line. */
    private scalar(at: number, indent: number): unknown {
        const first = this.text.charCodeAt(at);
        const value =
            first === QUOTE || first === APOSTROPHE
                ? this.quoted(at, first)
                : first === BRACKET || first === BRACE
                  ? this.emptyCollection(at, first)
                  : this.plain(at, first);
        if (!this.isBlank(this.skipSpaces(this.scalarEnd), this.scalarEnd)) {
            throw NOT_PLAIN;
        }
        this.nextLine();
        if (this.indent > indent) {
            throw NOT_PLAIN; // It goes on there.
        }
        return value;
    }

    private quoted(at: number, quote: number): string {
        const { text, end } = this;
        let to = at + 1;
        while (to < end && text.charCodeAt(to) !== quote) {
            if (quote === QUOTE && text.charCodeAt(to) === BACKSLASH) {
                throw NOT_PLAIN;
            }
            to++;
        }
        // Two apostrophes stand for one.
        if (to >= end || text.charCodeAt(to + 1) === quote) {
            throw NOT_PLAIN;
        }
        this.scalarEnd = to + 1;
        return theOnly(text.slice(at + 1, to));
    }

    /** `[]` or `{}`: others are not plain. */
    private emptyCollection(at: number, first: number): object {
        // The closing character comes two after the opening one.
        if (this.text.charCodeAt(at + 1) !== first + 2) {
            throw NOT_PLAIN;
        }
        this.scalarEnd = at + 2;
        return first === BRACKET ? [] : {};
    }

    private plain(at: number, first: number): unknown {
        const { text, end } = this;
        if (!isPlainStart(first, text.charCodeAt(at + 1))) {
            throw NOT_PLAIN;
        }
        let to = at + 1;
        for (let position = at + 1; position < end; position++) {
            const code = text.charCodeAt(position);
            if (code === SPACE) {
                continue;
            }
            if (code === HASH && text.charCodeAt(position - 1) === SPACE) {
                break;
            }
            if (code === COLON && this.isSeparated(position + 1)) {
                throw NOT_PLAIN;
            }
            to = position + 1;
        }
        this.scalarEnd = to;
        const scalar = text.slice(at, to);
        return isLetter(first) && !isConstant(text, at, to) ? theOnly(scalar) : this.number(scalar);
    }

    private number(scalar: string): unknown {
        return /^(?:0|[1-9]\d{0,14})$/.test(scalar) ? Number(scalar) : this.resolve(scalar);
    }

    private skipSpaces(position: number): number {
        let at = position;
        while (at < this.end && this.text.charCodeAt(at) === SPACE) {
            at++;
        }
        return at;
    }

    /** Whether the line has nothing from here on, or a comment that a space parts from what ends at `after`. */
    private isBlank(at: number, after = at - 1): boolean {
        return at >= this.end || (at > after && this.text.charCodeAt(at) === HASH);
    }
}

const words = new Map<string, string>();

/** One string for all places that have the same text: names come again and again, and comparing one with itself is quick. */
function theOnly(word: string): string {
    return remembered(words, word, () => word);
}

function isLetter(code: number): boolean {
    const lower = code | 32;
    return lower >= 97 && lower <= 122;
}

function isDigit(code: number): boolean {
    return code >= 48 && code <= 57;
}

/** Letters, digits, and what labels and names of annotations have: `-./_`. */
function isWordPart(code: number): boolean {
    return isLetter(code) || (code >= 45 && code <= 57) || code === 95;
}

/** Words, numbers, paths and `~`: not what begins something else in YAML, or could be a marker between documents. */
function isPlainStart(first: number, second: number): boolean {
    return isLetter(first) || isDigit(first) || first === 47 || first === 126 || (first === DASH && isDigit(second));
}

/** Whether a word may be true, false or null. */
function isConstant(text: string, from: number, to: number): boolean {
    const length = to - from;
    const first = text.charCodeAt(from) | 32;
    const mayBe = (length === 4 && (first === T || first === N)) || (length === 5 && first === F);
    return mayBe && /^(?:true|false|null)$/i.test(text.slice(from, to));
}
