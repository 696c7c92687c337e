import assert from "node:assert/strict";
import fc from "fast-check";
import { compare, propertyPath } from "../../../../../lab/standins/shared/compare";
import { redact } from "../../../../../lab/standins/shared/redact";
import {
    decode,
    encode,
    hasUnknown,
    markLike,
    reveal,
    Secret,
    unknown,
    type Value,
} from "../../../../../lab/standins/shared/values";

/** Any value a program can have, with secrets and unknowns in any place. */
const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.boolean(),
        fc.integer(),
        fc.constant(unknown as Value),
        tie("value").map((inner) => new Secret(inner)),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
}));

describe("the values of the provider protocol", () => {
    it("survive the wire", () => {
        fc.assert(fc.property(value, (given) => assert.deepEqual(decode(encode(given)), given)));
    });

    it("are the same without their secrets as far as differences go", () => {
        fc.assert(
            fc.property(value, (given) => {
                fc.pre(!hasUnknown(given));
                assert.deepEqual(compare(given, reveal(given)), []);
            }),
        );
    });

    it("differ where they hold something unknown", () => {
        const [change] = compare({ a: { b: ["x", "y"] } }, { a: { b: ["x", unknown] } });
        assert.deepEqual(change, { path: ["a", "b", 1], kind: "update" });
        assert.equal(propertyPath(change.path), "a.b[1]");
        assert.equal(propertyPath(["metadata", "labels", "example.com/a"]), 'metadata.labels["example.com/a"]');
    });

    it("are secret again where they were", () => {
        const like = { data: new Secret("x"), list: [{ a: new Secret(1) }, 2], plain: "p" };
        assert.deepEqual(markLike({ data: "y", list: [{ a: 3 }, 4], plain: "q" }, like), {
            data: new Secret("y"),
            list: [{ a: new Secret(3) }, 4],
            plain: "q",
        });
        // An item may have moved: then the whole list is secret.
        assert.deepEqual(markLike({ list: [1] }, like), { list: new Secret([1]) });
    });

    it("lose every secret in a message, plain and in base64", () => {
        const secret = new Secret({ key: "line one\nline two", short: "ab" });
        const encoded = Buffer.from("line one\nline two").toString("base64");
        const message = redact(`bad "line two" and ${encoded}, about it`, { a: [secret] });
        assert.equal(message, 'bad "[secret]" and [secret], about it');
    });
});
