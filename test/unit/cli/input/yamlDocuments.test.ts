import assert from "node:assert/strict";
import fc from "fast-check";
import { dump } from "js-yaml";
import { readDocuments } from "../../../../cli/input/yamlDocuments";

const values = (text: string) => readDocuments(text).documents.map(({ value }) => value);

describe("readDocuments", () => {
    it("reads what was written, document by document, each with its first line", () => {
        const json = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true, minKeys: 1 });
        fc.assert(
            fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), (all) => {
                const parts = all.map((one) => dump(JSON.parse(JSON.stringify(one))));
                const { documents, problems } = readDocuments(parts.map((part) => `---\n${part}`).join(""));
                assert.deepEqual(problems, []);
                assert.deepEqual(
                    documents.map(({ value }) => value),
                    JSON.parse(JSON.stringify(all)),
                );
                let line = 1;
                parts.forEach((part, index) => {
                    assert.equal(documents[index].line, line);
                    line += 1 + part.split("\n").length - 1;
                });
            }),
        );
    });

    it("counts lines and columns over markers, comments, directives and Windows line ends", () => {
        const text = ["%YAML 1.2", "--- # first", "a: 1", "...", "# between", "--- ]", "---\t", "c: ]"].join("\r\n");
        const { documents, problems } = readDocuments(text);
        assert.deepEqual(
            documents.map(({ line, value }) => [line, value]),
            [[2, { a: 1 }]],
        );
        assert.deepEqual(
            problems.map(({ line, column }) => [line, column]),
            [
                [6, 5],
                [8, 4],
            ],
        );
    });

    it("leaves out documents that say nothing", () => {
        assert.deepEqual(values("# a comment\n---\n---\na: 1\n...\n---\n# another\n"), [{ a: 1 }]);
    });

    it("reads values as the API server does: dates as text, the last of two equal keys, merge keys", () => {
        assert.deepEqual(values("when: 2020-01-01\na: 1\na: 2\n"), [{ when: "2020-01-01", a: 2 }]);
        assert.deepEqual(values("base: &base { a: 1 }\nown:\n  <<: *base\n  b: 2\n"), [
            { base: { a: 1 }, own: { a: 1, b: 2 } },
        ]);
    });

    it("takes a marker inside of a block of text for text where it is indented", () => {
        assert.deepEqual(values("a: |\n  ---\n  b\n"), [{ a: "---\nb\n" }]);
    });

    it("reads JSON, a byte order mark and Windows line ends", () => {
        assert.deepEqual(values('{"a": [1]}'), [{ a: [1] }]);
        assert.deepEqual(values("\uFEFFa: 1\r\n---\r\nb: 2\r\n"), [{ a: 1 }, { b: 2 }]);
    });

    it("says where a document cannot be read, of every one, and repeats nothing of it", () => {
        const { documents, problems } = readDocuments("a: 1\n---\nkey: [\n  secret\n---\nb: 2\n---\n  c: {\n");
        assert.deepEqual(
            documents.map(({ value }) => value),
            [{ a: 1 }, { b: 2 }],
        );
        assert.deepEqual(
            problems.map(({ line }) => line),
            [5, 9],
        );
        assert.doesNotMatch(JSON.stringify(problems), /secret/);
    });

    it("never throws, whatever the text is", () => {
        fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readDocuments(text)));
    });
});
