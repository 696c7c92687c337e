import assert from "node:assert/strict";
import fc from "fast-check";
import { dump } from "js-yaml";
import { readPlainYaml } from "../../../../cli/input/plainYaml";
import { parseYaml, resolveScalar } from "../../../../cli/input/yamlDocuments";
import { guidesLayout } from "../../../../bench/mesh/guidesLayout";

const plain = (text: string) => readPlainYaml(text, resolveScalar);

/** Scalars that YAML reads in many ways, and some that it refuses. */
const SCALARS = [
    ..."a|true|True|null|Null|NULL|~|n|no|10|010|0o17|0x1f|0b1|1_000|1.5|1.|.5|1e3|-5|-.5|-0x1|+1|.inf|-.inf|.nan".split(
        "|",
    ),
    ..."10.0.0.0/8|2020-01-01|123456789012345678|/x|http://a.b/c|a b|a: b|a:b|a:|a #c|a#c|a,b|a]|}|é|*|*.x.example".split(
        "|",
    ),
    ...`"q"|'s'|'it''s'|"e\\n"|"q" # c|'s'x|"a": b|"|'|[]|{}|[] # c|{}x|[a]|{a: 1}|- a|- - a|-|-a|---|...|..`.split(
        "|",
    ),
    ..."&x a|!t a|%a|@a|`a|? a|: a|<<|key : x|  |\t".split("|"),
    ..."|>",
];
const KEYS = `a|b|n|name|true|Null|x.y/z|a-b|_a|1|"q"|__proto__|constructor|<<|a b|-a`.split("|");

const scalar = fc.constantFrom("", ...SCALARS);
const wildLine = fc
    .tuple(fc.nat(4), fc.constantFrom("", "- ", "-", "-  ", "- - "), fc.option(fc.constantFrom(...KEYS)), scalar)
    .map(([indent, dash, key, value]) => `${" ".repeat(indent)}${dash}${key === null ? "" : `${key}: `}${value}`);
const line = fc
    .tuple(fc.nat(3), fc.constantFrom("", "", "- "), fc.constantFrom("a", "b", "c"), fc.constantFrom("", " 1", " x"))
    .map(([depth, dash, key, value]) => `${"  ".repeat(depth)}${dash}${key}:${value}`);
const other = fc.constantFrom("", "# c", "   # c", "---x", "  ", "x");
const texts = fc
    .array(
        fc.oneof({ weight: 8, arbitrary: line }, { weight: 3, arbitrary: wildLine }, { weight: 1, arbitrary: other }),
        { maxLength: 8 },
    )
    .map((lines) => lines.join("\n"));

describe("readPlainYaml", () => {
    it("reads a text as the whole parser does, or leaves it to that", () => {
        let read = 0;
        fc.assert(
            fc.property(texts, (text) => {
                const value = plain(text);
                if (value !== undefined) {
                    read += 1;
                    assert.deepEqual(value, parseYaml(text));
                    assert.equal(JSON.stringify(value), JSON.stringify(parseYaml(text)), "the order of keys");
                }
            }),
            { numRuns: 20_000 },
        );
        assert.ok(read > 500, `only ${read} texts were plain`);
    });

    it("reads any value that js-yaml writes as the whole parser does, or leaves it to that", () => {
        const objects = fc.dictionary(fc.constantFrom("a", "spec", "x.y/z"), fc.jsonValue(), { minKeys: 1 });
        fc.assert(
            fc.property(objects, fc.boolean(), (object, noArrayIndent) => {
                const text = dump(JSON.parse(JSON.stringify(object)), { noArrayIndent });
                const value = plain(text);
                if (value !== undefined) {
                    assert.deepEqual(value, parseYaml(text));
                }
            }),
        );
    });

    it("reads what tools write for Kubernetes itself", () => {
        for (const object of guidesLayout("api.partner.example", 443)) {
            for (const noArrayIndent of [true, false]) {
                assert.deepEqual(plain(dump(object, { noArrayIndent })), JSON.parse(JSON.stringify(object)));
            }
        }
        assert.deepEqual(plain('# a comment\na: "1" # why\nb:\n- 10.0.0.0/8\n-\n  c: ~\n'), {
            a: "1",
            b: ["10.0.0.0/8", { c: null }],
        });
    });

    it("says where each key and each item stands", () => {
        const places: [string | number, number][] = [];
        readPlainYaml("a:\n  - b: 1\n    c: 2\n  - x\n", resolveScalar, (_container, key, offset) => {
            places.push([key, offset]);
        });
        assert.deepEqual(places, [
            ["a", 0],
            [0, 7],
            ["b", 7],
            ["c", 16],
            [1, 25],
        ]);
    });
});
