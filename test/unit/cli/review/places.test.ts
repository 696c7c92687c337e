import assert from "node:assert/strict";
import fc from "fast-check";
import { dump } from "js-yaml";
import { parsedPlaces } from "../../../../cli/review/parsedPlaces";
import { Keys, placesIn, plainPlaces } from "../../../../cli/review/places";

describe("placesIn", () => {
    it("finds the same places in a plain document as the whole parser", () => {
        const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
            tree: fc.oneof(
                { maxDepth: 4 },
                fc.constantFrom("x", 1, true),
                fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
                fc.dictionary(fc.constantFrom("a", "b", "spec"), tie("tree"), { minKeys: 1 }),
            ),
        }));
        const objects = fc.dictionary(fc.constantFrom("a", "b", "spec"), tree, { minKeys: 1 });
        const keys = fc.array(fc.constantFrom<string | number>("a", "b", "spec", 0, 1, 2), { maxLength: 5 });
        let found = 0;
        fc.assert(
            fc.property(objects, keys, fc.boolean(), (object, path: Keys, noArrayIndent) => {
                const text = dump(object, { noArrayIndent, noRefs: true });
                const fast = plainPlaces(text);
                if (fast) {
                    found += 1;
                    const slow = parsedPlaces(text);
                    assert.deepEqual([fast.first, fast.of(path)], [slow.first, slow.of(path)], text);
                }
            }),
        );
        assert.ok(found > 10);
    });

    it("finds places in flow style and in JSON, and through an alias", () => {
        const text = '{"spec": {"hosts": ["a"]}}';
        assert.equal(placesIn(text).of(["spec", "hosts", 0]), text.indexOf('"a"'));
        const aliased = "a: &x { b: 1 }\nspec: *x\n";
        assert.equal(placesIn(aliased).of(["spec", "b"]), aliased.indexOf("b"));
    });

    it("gives the last of two equal keys, which is the one that counts", () => {
        for (const text of ["a: 1\na: 2\n", "a: { x: 1 }\na: { x: 2 }\n"]) {
            assert.equal(placesIn(text).of(["a"]), text.lastIndexOf("a:"));
        }
    });
});
