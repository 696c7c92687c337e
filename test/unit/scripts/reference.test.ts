import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { packageSchema } from "../../../components/internal/packageSchema";
import { REFERENCE_FOLDER, referenceFiles } from "../../../scripts/reference";
import { readDescription } from "../../../scripts/reference/description";
import { Literal, parseLiteral } from "../../../scripts/reference/literal";
import { pythonName, pythonText, yamlText } from "../../../scripts/reference/spelling";
import { componentNames } from "../../../scripts/schema";

const written = () =>
    new Map(readdirSync(REFERENCE_FOLDER).map((name) => [name, readFileSync(join(REFERENCE_FOLDER, name), "utf8")]));

describe("the reference documentation", () => {
    it("is up to date; if not: npm run reference", async () => {
        const files = await referenceFiles(packageSchema());
        assert.deepEqual([...written().keys()].sort(), [...files.keys()].sort());
        for (const [name, text] of files) {
            assert.equal(written().get(name), text, name);
        }
    });

    it("has a page for every component, and a row for every option of one", () => {
        const schema = packageSchema();
        for (const component of componentNames) {
            const page = written().get(`${component}.md`)!;
            const { inputProperties = {}, properties = {} } = schema.resources[`mesh-egress:index:${component}`];
            for (const name of [...Object.keys(inputProperties), ...Object.keys(properties)]) {
                assert.match(page, new RegExp(`^\\| \`${name}\` +\\| \`${pythonName(name)}\` +\\|`, "m"), component);
            }
        }
    });

    it("has no dead link", () => {
        const anchors = [
            ...written()
                .get("types.md")!
                .matchAll(/^## (\w+)$/gm),
        ].map(([, name]) => name.toLowerCase());
        for (const [name, text] of written()) {
            for (const [, page, anchor] of text.matchAll(/\]\(([^)#]+)(?:#([^)]*))?\)/g)) {
                assert.ok(written().has(page), `${name}: ${page}`);
                assert.ok(anchor === undefined || anchors.includes(anchor), `${name}: ${page}#${anchor}`);
            }
        }
    });
});

describe("readDescription", () => {
    it("tells the meaning, the default and the example apart", () => {
        assert.deepEqual(readDescription('Source of\ncharts. Default: `a.b/c`, else 1.5.\n\nExample: `"x.y"`'), {
            text: "Source of charts.",
            default: "`a.b/c`, else 1.5",
            example: '"x.y"',
        });
        assert.deepEqual(readDescription("Hosts. Default: none. Each once."), {
            text: "Hosts. Each once.",
            default: "none",
            example: undefined,
        });
    });
});

describe("an example's spelling", () => {
    const literal = fc.letrec<{ value: Literal }>((tie) => ({
        value: fc.oneof(
            fc.string(),
            fc.nat(),
            fc.boolean(),
            fc.array(tie("value"), { maxLength: 3 }),
            fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,8}$/), tie("value"), {
                maxKeys: 3,
                noNullPrototype: true,
            }),
        ),
    })).value;

    it("is the value that the example gives", () => {
        fc.assert(fc.property(literal, (value) => assert.deepEqual(parseLiteral(JSON.stringify(value)), value)));
    });

    it("is YAML, where a placeholder is an expression", () => {
        assert.equal(yamlText(parseLiteral('{ a: [1, "x"], ca: serverCa }')), "a:\n  - 1\n  - x\nca: ${serverCa}");
    });

    it("is Python, where options have its names and the author's keys stay", () => {
        const schema = packageSchema();
        const spec = (name: string) => ({ $ref: `#/types/mesh-egress:index:${name}` });
        const caller = parseLiteral('{ namespace: "a", serviceAccounts: ["b"] }');
        assert.equal(
            pythonText(schema, spec("AllowedCaller"), caller),
            '{"namespace": "a", "service_accounts": ["b"]}',
        );
        const labels = { additionalProperties: { type: "string" as const } };
        assert.equal(
            pythonText(schema, labels, parseLiteral('{ myKey: clientCa, on: "true" }')),
            '{"myKey": client_ca, "on": "true"}',
        );
        assert.equal(pythonText(schema, {}, true), "True");
    });

    it("is nothing that would have to be run", () => {
        for (const text of ["f()", "a.b", "{ ...a }", "`${a}`", "1; 2"]) {
            assert.throws(() => parseLiteral(text), text);
        }
    });
});
