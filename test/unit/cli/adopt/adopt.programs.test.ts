import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { parse } from "yaml";
import { adopt } from "../../../../cli/adopt/adopt";
import { typescriptProgram } from "../../../../cli/adopt/typescriptProgram";
import { yamlProgram } from "../../../../cli/adopt/yamlProgram";
import { GUIDES } from "../../../support/guides";

interface Made {
    type: string;
    name: string;
    args: Record<string, unknown>;
}

const SCHEMA = JSON.parse(readFileSync(join(__dirname, "../../../../schema.json"), "utf8")) as {
    resources: Record<string, { inputProperties: Record<string, object>; requiredInputs?: string[] }>;
};

/** What a program in TypeScript makes, run with components that only remember their arguments. */
function runTypescript(program: string): Made[] {
    const made: Made[] = [];
    const component = (type: string) =>
        class {
            secretName = `${type}.secretName`;
            constructor(name: string, args: Record<string, unknown>) {
                // Of another realm, whose objects are equal to none of this one.
                made.push({ type: `mesh-egress:index:${type}`, name, args: plain(args) });
            }
        };
    const modules: Record<string, object> = {
        "@pulumi/pulumi": {
            Config: class {
                get = (key: string) => `config ${key}`;
                require = this.get;
                requireSecret = this.get;
            },
        },
        "mesh-egress": Object.fromEntries(
            ["EgressCredential", "EgressGateway", "EgressRoute"].map((type) => [type, component(type)]),
        ),
    };
    const { outputText, diagnostics } = ts.transpileModule(program, {
        reportDiagnostics: true,
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    assert.deepEqual(diagnostics, []);
    runInNewContext(outputText, { require: (name: string) => modules[name], exports: {} });
    return made;
}

/** A copy that leaves out what is undefined. */
function plain(args: Record<string, unknown>): Record<string, unknown> {
    return JSON.parse(JSON.stringify(args)) as Record<string, unknown>;
}

/** What a program in YAML makes. */
function readYaml(program: string): Made[] {
    const { resources } = parse(program) as {
        resources: Record<string, { type: string; name: string; properties: Record<string, unknown> }>;
    };
    return Object.values(resources).map(({ type, name, properties }) => ({
        type: type.replace(":", ":index:"),
        name,
        args: properties,
    }));
}

describe("the programs of an adoption", () => {
    for (const guide of Object.keys(GUIDES) as (keyof typeof GUIDES)[]) {
        it(`make the same in TypeScript and YAML, with arguments that the components have: ${guide}`, () => {
            const adoption = adopt(GUIDES[guide]);
            const typescript = runTypescript(typescriptProgram(adoption));
            const yaml = readYaml(yamlProgram(adoption));
            const named = (all: Made[]) => all.map(({ type, name }) => `${type} ${name}`).sort();
            assert.deepEqual(named(typescript), named(yaml));
            assert.equal(typescript.filter(({ type }) => type.endsWith(":EgressRoute")).length, adoption.routes.length);
            for (const { type, args } of [...typescript, ...yaml]) {
                const { inputProperties, requiredInputs = [] } = SCHEMA.resources[type];
                const given = Object.keys(args).filter((key) => args[key] !== undefined);
                assert.deepEqual(
                    given.filter((key) => !(key in inputProperties)),
                    [],
                );
                assert.deepEqual(
                    requiredInputs.filter((key) => !given.includes(key)),
                    [],
                );
            }
        });
    }

    it("names the gateway that is there already instead of making one", () => {
        const adoption = adopt(GUIDES.mutualTls, { gateway: { name: "way-out", namespace: "egress" } });
        const made = runTypescript(typescriptProgram(adoption));
        assert.ok(made.every(({ type }) => !type.endsWith(":EgressGateway")));
        assert.deepEqual(made.at(-1)?.args.gateway, { gatewayName: "way-out", namespace: "egress" });
    });
});
