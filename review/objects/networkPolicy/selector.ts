import { Fields, fields, list, text, textMap, texts } from "../../fields";

/** More alternatives than this are not written out: the selector then counts as one for all pods. */
const MOST_ALTERNATIVES = 20;

/** A label selector of Kubernetes as sets of labels. Conditions other than equality only narrow it, and are left out. */
export function labelSelections(selector: unknown, nameOf = (key: string) => key): Record<string, string>[] {
    const { matchLabels, matchExpressions } = fields(selector);
    const conditions = [
        ...Object.entries(textMap(matchLabels)).map(([key, value]): [string, string[]] => [nameOf(key), [value]]),
        ...list(matchExpressions)
            .map(fields)
            .filter(({ operator }) => operator === "In")
            .map(({ key, values }: Fields): [string, string[]] => [nameOf(text(key) ?? ""), texts(values)]),
    ];
    return alternatives(conditions);
}

/** Every way to take one value of each condition. */
export function alternatives(conditions: [key: string, values: string[]][]): Record<string, string>[] {
    const count = conditions.reduce((product, [, values]) => product * values.length, 1);
    if (count === 0 || count > MOST_ALTERNATIVES) {
        return [{}];
    }
    return conditions.reduce<Record<string, string>[]>(
        (sets, [key, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [key]: value }))),
        [{}],
    );
}
