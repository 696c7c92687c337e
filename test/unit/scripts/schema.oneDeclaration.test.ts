import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routeOptions } from "../../../components/egress/egressRoute";
import { PackageSchema, componentOptions, objectOptions } from "../../../plan/arguments/packageSchema";
import { validateArguments } from "../../../plan/arguments/validateArguments";
import { explain } from "../../../plan/shared/violation";
import { referenceFiles } from "../../../scripts/reference";
import { analyze, schemaText } from "../../../scripts/schema";
import { stackSchema } from "../../../stacks/stackSchema";

const ROOT = join(__dirname, "../../..");
const DECLARATIONS = "plan/egress/route/options.ts";
const ROUTE = { hosts: ["api.partner.example"], allowFrom: [{ namespace: "payments" }] };

/*
 * One new option of a route, declared in a copy of the sources at its one place and nowhere else.
 */
describe("an option that is declared once", function () {
    this.timeout(120_000);

    let schema: PackageSchema;
    let folder: string;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-option-"));
        for (const part of ["components", "plan", "package.json", "tsconfig.json"]) {
            cpSync(join(ROOT, part), join(folder, part), { recursive: true });
        }
        symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
        const file = join(folder, DECLARATIONS);
        const declared = readFileSync(file, "utf8").replace(
            "export interface EgressRouteOptions {\n",
            (line) =>
                `${line}    /**\n     * Seconds that nobody needs. Default: 42.\n     *\n     * @example 7\n     */\n    madeUpSeconds?: number;\n`,
        );
        assert.match(declared, /madeUpSeconds/);
        writeFileSync(file, declared);
        schema = JSON.parse(await schemaText(analyze(folder))) as PackageSchema;
    });

    after(() => rmSync(folder, { recursive: true }));

    it("is in the schema, for the component and for environments", () => {
        const described = {
            type: "number",
            plain: true,
            description: "Seconds that nobody needs. Default: 42.\n\nExample: `7`",
        };
        for (const { properties } of [
            componentOptions(schema, "EgressRoute"),
            objectOptions(schema, "EnvironmentRoute"),
        ]) {
            assert.deepEqual(properties.madeUpSeconds, { ...described, optional: true });
        }
    });

    it("is known to the check of a component's arguments, with its type", () => {
        const reader = { schema, isDeferred: () => false, isResource: () => false };
        const check = (args: object) =>
            validateArguments(reader, componentOptions(schema, "EgressRoute"), { ...ROUTE, ...args });
        assert.deepEqual(check({ madeUpSeconds: 7 }), []);
        assert.deepEqual(
            check({ madeUpSeconds: "7" }).map(({ path }) => path),
            ["madeUpSeconds"],
        );
        assert.match(explain(check({ madeUpSecond: 7 })[0]), /Did you mean "?madeUpSeconds/);
    });

    it("is known to the check of a stack's configuration", () => {
        const stack = stackSchema(schema);
        const reader = { schema: stack.schema, isDeferred: () => false, isResource: () => false };
        const check = (value: unknown) =>
            validateArguments(reader, stack.options, { routes: [{ name: "partner", ...ROUTE, madeUpSeconds: value }] });
        assert.deepEqual(check(7), []);
        assert.deepEqual(
            check(true).map(({ path }) => path),
            ["routes[0].madeUpSeconds"],
        );
    });

    it("is in the reference, with its unit, default and example", async () => {
        const files = await referenceFiles(schema);
        for (const page of ["EgressRoute.md", "types.md"]) {
            const row = /^\| `madeUpSeconds`.*$/m.exec(files.get(page)!)?.[0].replaceAll(/ +/g, " ");
            assert.equal(
                row,
                "| `madeUpSeconds` | `made_up_seconds` | number of seconds | 42 | Seconds that nobody needs.<br>Example: `7` |",
            );
        }
    });

    it("reaches the plan, which nobody has to list it for", () => {
        const given = { ...ROUTE, madeUpSeconds: 7 };
        assert.deepEqual(routeOptions(given), { ...given, mode: "mutualTls" });
    });
});
