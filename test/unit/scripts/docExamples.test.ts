import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { docExamples } from "../../../scripts/docExamples";
import { Placeholder, parseLiteral } from "../../../scripts/reference/literal";

const ROOT = join(__dirname, "../../..");
/** Exists in the compiler's memory only. */
const FILE = join(ROOT, "examples-of-doc-comments.ts");

function placeholders(value: unknown): string[] {
    if (value instanceof Placeholder) {
        return [value.name];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(placeholders) : [];
}

describe("examples in doc comments", function () {
    this.timeout(120_000);

    it("are literals of the type that they explain", () => {
        const all = docExamples(ROOT).all();
        assert.ok(all.length >= 15, `${all.length} examples`);
        const names = new Set(all.flatMap(({ text }) => placeholders(parseLiteral(text))));
        const lines = [
            ...[...names].map((name) => `declare const ${name}: string;`),
            ...all.map(({ file, owner, type, text }, index) => {
                const from = JSON.stringify(`./${file.slice(ROOT.length + 1).replace(/\.ts$/, "")}`);
                return `import type { ${owner} as T${index} } from ${from}; const e${index}: ${type.replace(owner, `T${index}`)} = (${text}); void e${index};`;
            }),
        ];
        const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
            config: object;
        };
        const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
        const host = ts.createCompilerHost(options);
        const read = host.getSourceFile.bind(host);
        host.getSourceFile = (name, version, ...rest) =>
            name === FILE ? ts.createSourceFile(name, lines.join("\n"), version, true) : read(name, version, ...rest);
        const exists = host.fileExists.bind(host);
        host.fileExists = (name) => name === FILE || exists(name);
        const program = ts.createProgram([FILE], options, host);
        const source = program.getSourceFile(FILE)!;
        const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
        const told = found.map(({ messageText, start = 0 }) => {
            const line = source.getLineAndCharacterOfPosition(start).line - names.size;
            return `${all[line]?.where}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
        });
        assert.deepEqual(told, []);
    });
});
