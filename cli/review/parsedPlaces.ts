import { isAlias, isCollection, isNode, isPair, parseDocument } from "yaml";
import { Keys, Places } from "./places";

type ParsedDocument = ReturnType<typeof parseDocument>;

/** The places of any YAML or JSON document, from a parser that keeps them. */
export function parsedPlaces(text: string): Places {
    const document = parseDocument(text, { uniqueKeys: false });
    return { first: document.contents?.range?.[0] ?? 0, of: (keys) => follow(document, keys) };
}

function follow(document: ParsedDocument, keys: Keys): number | undefined {
    let found: number | undefined;
    let node: unknown = document.contents;
    for (const key of keys) {
        const step = inside(isAlias(node) ? node.resolve(document) : node, key);
        if (step === undefined) {
            return found;
        }
        [found, node] = step;
    }
    return found;
}

/** Where the key of a map, or the item of a list, begins, and what it holds. Of two equal keys the last counts. */
function inside(node: unknown, key: string | number): [number, unknown] | undefined {
    const items: unknown[] = isCollection(node) ? node.items : [];
    if (typeof key === "number") {
        const item = items[key];
        return isNode(item) && item.range ? [item.range[0], item] : undefined;
    }
    const pair = items.findLast((item) => isPair(item) && isNode(item.key) && String(item.key) === key);
    return isPair(pair) && isNode(pair.key) && pair.key.range ? [pair.key.range[0], pair.value] : undefined;
}
