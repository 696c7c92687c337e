import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { packageSchema } from "../../../../components/internal/packageSchema";
import { componentOptions } from "../../../../plan/arguments/packageSchema";
import { validateArguments } from "../../../../plan/arguments/validateArguments";
import { componentNames } from "../../../../scripts/schema";
import { record, run } from "../../../support/mocks";
import { Mistake, mistakeIn } from "../../../support/randomMutation";
import { ofObject, someOf } from "../../../support/schemaArbitrary";
import { Accepted, acceptedArguments } from "../../../support/validArguments";

const schema = packageSchema();
const reader = { schema, isDeferred: () => false, isResource: () => false };

/** Whether one of the paths is the mistake's, or around it or in it. */
function namesThe({ names }: Mistake, paths: string[]): boolean {
    return names.some((name) => paths.some((path) => within(path, name) || within(name, path)));
}

function within(path: string, outer: string): boolean {
    return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

describe("random arguments", function () {
    this.timeout(300_000);

    for (const name of componentNames) {
        const options = componentOptions(schema, name);

        it(`${name}: are taken by the check if their types are the declared ones, and a mistake is named`, () => {
            const wrong = ofObject(schema, options).chain((args) =>
                mistakeIn(schema, options, args).map((mistake) => ({ args, mistake })),
            );
            fc.assert(
                fc.property(wrong, ({ args, mistake }) => {
                    assert.deepEqual(validateArguments(reader, options, args), []);
                    if (mistake) {
                        const paths = validateArguments(reader, options, mistake.args).map(({ path }) => path);
                        assert.ok(namesThe(mistake, paths), `${mistake.what}: [${paths.join(", ")}]`);
                    }
                }),
                { numRuns: 100, interruptAfterTimeLimit: 20_000 },
            );
        });
    }

    describe("of a component", () => {
        let accepted: Record<string, Accepted>;

        before(async () => {
            accepted = await acceptedArguments();
        });

        /** What is made, or the paths that are refused. */
        async function outcome({ Component }: Accepted, args: unknown): Promise<string | string[]> {
            const recorder = await record({ preview: true });
            try {
                await run(recorder, () => new Component("made", args as object));
            } catch (error) {
                assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
                return error.errors.map(({ propertyPath }) => propertyPath);
            }
            return JSON.stringify(recorder.resources.map(({ type, name, inputs }) => ({ type, name, inputs })));
        }

        for (const name of componentNames) {
            it(`${name}: a mistake is refused by its path, or changes nothing`, async () => {
                const options = componentOptions(schema, name);
                const wrong = someOf(schema, options, accepted[name].args).chain((args) =>
                    mistakeIn(schema, options, args).map((mistake) => ({ args, mistake })),
                );
                await fc.assert(
                    fc.asyncProperty(wrong, async ({ args, mistake }) => {
                        fc.pre(mistake !== undefined);
                        const after = await outcome(accepted[name], mistake.args);
                        if (typeof after === "string") {
                            assert.equal(after, await outcome(accepted[name], args), mistake.what);
                        } else {
                            assert.ok(namesThe(mistake, after), `${mistake.what}: [${after.join(", ")}]`);
                        }
                    }),
                    { numRuns: 25, interruptAfterTimeLimit: 20_000 },
                );
            });
        }
    });
});
