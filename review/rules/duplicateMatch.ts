import { Fields, fields, list } from "../fields";
import { ISTIO_NETWORKING } from "../objects/kinds";
import { RawObject, objectRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";

export const duplicateMatch: Rule = {
    id: "duplicate-match",
    title: "A route of a VirtualService has a match that an earlier route already covers.",
    why: "Envoy uses the first route that matches. The later one is never used, without any message.",
    severity: "advisory",
    find: ({ ofKind }) =>
        ofKind(ISTIO_NETWORKING, "VirtualService").flatMap((object) =>
            ["http", "tls", "tcp"].flatMap((kind) => reviewRoutes(object, kind)),
        ),
};

function reviewRoutes(object: RawObject, kind: string): RuleFinding[] {
    const ref = objectRef(object);
    const taken = new Map<string, string>();
    let takesAll: string | undefined;
    return list(fields(object.spec)[kind]).flatMap((value, index) => {
        const path = `spec.${kind}[${index}]`;
        const matches = list(fields(value).match);
        const earlier = takesAll;
        const found = matches.flatMap((match, position) => {
            const at = `${path}.match[${position}]`;
            // A match's name is no condition; those of headers and labels below are.
            const key = canonical(match, "name");
            const first = earlier ?? taken.get(key);
            taken.set(key, taken.get(key) ?? path);
            return first !== undefined && first !== path ? [unused({ ref }, at, first)] : [];
        });
        if (matches.length > 0) {
            takesAll ??= matches.some(isEveryPath) ? path : undefined;
            return found;
        }
        takesAll ??= path;
        return earlier === undefined ? found : [unused({ ref }, path, earlier)];
    });
}

/** Whether a match asks for the prefix that each path has, and for nothing else. */
function isEveryPath(match: unknown): boolean {
    const { name: _, uri, ...others } = fields(match);
    return fields(uri).prefix === "/" && Object.keys(others).length === 0;
}

function unused(viewed: { ref: ReturnType<typeof objectRef> }, path: string, first: string): RuleFinding {
    return finding(viewed, {
        path,
        problem: `is never used, because ${first} matches the same calls first`,
        expected: "a different condition for each route",
        fix: "Remove one of the two, or narrow the first",
    });
}

/** The same text for the same condition, in whatever order its fields are. */
function canonical(value: unknown, but?: string): string {
    if (typeof value !== "object" || value === null) {
        return String(JSON.stringify(value));
    }
    if (Array.isArray(value)) {
        return `[${value.map((item) => canonical(item)).join()}]`;
    }
    let text = "";
    for (const key of Object.keys(value).sort()) {
        if (key !== but) {
            text += `${JSON.stringify(key)}:${canonical((value as Fields)[key])},`;
        }
    }
    return `{${text}}`;
}
