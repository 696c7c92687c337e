import assert from "node:assert/strict";
import { dump, load } from "js-yaml";
import { RawObject } from "../../review/rawObject";
import { ReviewContext } from "../../review/reviewContext";
import { toldBy } from "./objects";
import { rulePage } from "./rulePages";

/** A rule's first example, in which it finds something, and that a test changes in one place. */
export class Example {
    constructor(readonly objects: RawObject[]) {}

    /** Sets a value by its path, such as `spec.ports[0].targetPort`, in the objects of a kind, or in one as `Kind/name`. */
    with(kind: string, path: string, value: unknown): Example {
        return this.map(kind, (object) => set(object, path, value));
    }

    without(kind: string, path: string): Example {
        return this.with(kind, path, undefined);
    }

    /** Writes another text wherever one is, in every object. */
    replace(text: string, other: string): Example {
        return new Example(load(dump(this.objects).replaceAll(text, other)) as RawObject[]);
    }

    and(...objects: RawObject[]): Example {
        return new Example([...this.objects, ...objects]);
    }

    drop(kind: string): Example {
        return new Example(this.objects.filter((object) => !isMeant(object, kind)));
    }

    private map(kind: string, change: (object: RawObject) => void): Example {
        const objects = structuredClone(this.objects);
        const meant = objects.filter((object) => isMeant(object, kind));
        assert.ok(meant.length > 0, `the example has no ${kind}`);
        meant.forEach(change);
        return new Example(objects);
    }
}

type Edit = (page: Example) => Example;

interface Edges {
    /** What is found still, and all that the rule then says: `Kind namespace/name path`. */
    finds: Record<string, [edit: Edit, ...told: string[]]>;
    /** What is not found any more. */
    takes: Record<string, Edit>;
    context?: ReviewContext;
}

/** Tests a rule at its edges, each a small change of its page's first example. */
export function ruleEdges(id: string, { finds, takes, context }: Edges): void {
    const told = toldBy(id);
    const page = new Example(rulePage(id).found);
    const judge = (edit: Edit) => told(edit(page).objects, context).map((line) => line.slice(id.length + 1));

    describe(id, () => {
        it("finds something in the example that the tests change", () => {
            assert.notDeepEqual(
                judge((one) => one),
                [],
            );
        });
        for (const [what, [edit, ...lines]] of Object.entries(finds)) {
            it(`finds ${what}`, () => assert.deepEqual(judge(edit), lines));
        }
        for (const [what, edit] of Object.entries(takes)) {
            it(`takes ${what}`, () => assert.deepEqual(judge(edit), []));
        }
    });
}

function isMeant({ kind, metadata }: RawObject, wanted: string): boolean {
    const [name, own] = wanted.split("/");
    return kind === name && (own === undefined || (metadata as { name?: string }).name === own);
}

function set(object: object, path: string, value: unknown): void {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
    let at = object as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) {
        at[key] ??= {};
        at = at[key] as Record<string, unknown>;
    }
    const last = keys[keys.length - 1];
    if (value === undefined) {
        delete at[last];
    } else {
        at[last] = value;
    }
}
