import assert from "node:assert/strict";
import fc from "fast-check";
import { dump, load } from "js-yaml";
import { RawObject } from "../../../review/rawObject";
import { RULES } from "../../../review/rules";
import { toldBy } from "../../support/objects";
import { rulePage } from "../../support/rulePages";
import { soundRoute } from "../../support/soundRoute";

/*
 * What holds for every rule: its examples are judged alike in whatever order and version they are written, under whatever
 * names, and beside whatever they have nothing to do with.
 */

const label = fc.stringMatching(/^[a-z][a-z0-9]{2,11}$/);
const versions = fc.constantFrom("v1", "v1beta1", "v1alpha3");

/** The objects again, with other words for the ones they share. */
function renamed(objects: RawObject[], words: [string, string][]): RawObject[] {
    const text = words.reduce(
        (all, [word, other]) => all.replaceAll(new RegExp(word.replaceAll(".", "\\."), "gi"), other),
        dump(objects),
    );
    return load(text) as RawObject[];
}

function inVersion(object: RawObject, version: string): RawObject {
    const [group] = object.apiVersion.split("/");
    return group.endsWith(".istio.io") && group !== "install.istio.io"
        ? { ...object, apiVersion: `${group}/${version}` }
        : object;
}

/** A sound route for another host, by another gateway, with names and a namespace of its own. */
function unrelated(name: string): RawObject[] {
    return renamed(soundRoute(), [
        ["api.partner.example", `${name}.unrelated.example`],
        ["partner", `to-${name}`],
        ["gateways", `unrelated-${name}`],
        ["egress", `by-${name}`],
    ]);
}

describe("every rule", () => {
    for (const { id } of RULES) {
        const told = toldBy(id);
        const { found, correct } = rulePage(id);
        const count = told(found).length;

        describe(id, () => {
            it("says the same in whatever order the objects are", () => {
                const shuffled = (objects: RawObject[]) =>
                    fc.shuffledSubarray(objects, { minLength: objects.length, maxLength: objects.length });
                fc.assert(
                    fc.property(shuffled(found), shuffled(correct), (one, other) => {
                        assert.equal(told(one).length, count);
                        assert.deepEqual(told(other), []);
                    }),
                    { numRuns: 20 },
                );
            });

            it("says the same of each version of Istio's API", () => {
                fc.assert(
                    fc.property(versions, (version) => {
                        assert.deepEqual(told(found.map((one) => inVersion(one, version))).length, count);
                        assert.deepEqual(told(correct.map((one) => inVersion(one, version))), []);
                    }),
                    { numRuns: 6 },
                );
            });

            it("says the same under other names of hosts and namespaces", () => {
                fc.assert(
                    fc.property(label, label, (host, namespace) => {
                        const words: [string, string][] = [
                            ["partner.example", `${host}.example`],
                            ["istio-egress", namespace],
                        ];
                        assert.equal(told(renamed(found, words)).length, count);
                        assert.deepEqual(told(renamed(correct, words)), []);
                    }),
                    { numRuns: 20 },
                );
            });

            it("says the same beside routes for other hosts", () => {
                fc.assert(
                    fc.property(
                        fc.uniqueArray(label, { minLength: 1, maxLength: 3 }),
                        fc.boolean(),
                        (names, isFirst) => {
                            const others = names.flatMap(unrelated);
                            const beside = (objects: RawObject[]) =>
                                isFirst ? [...others, ...objects] : [...objects, ...others];
                            assert.deepEqual(told(beside(found)).sort(), told(found).sort());
                            assert.deepEqual(told(beside(correct)), []);
                        },
                    ),
                    { numRuns: 10 },
                );
            });
        });
    }
});
