import assert from "node:assert/strict";
import fc from "fast-check";
import { suggestion } from "../../../../plan/arguments/suggestion";

const KNOWN = ["namespace", "serviceAccounts", "kubeconfig", "port", "ports"];

describe("a suggestion for a misspelled key", () => {
    const cases: [given: string, meant: string | undefined][] = [
        ["serviceAccount", "serviceAccounts"],
        ["service_accounts", "serviceAccounts"],
        ["SERVICEACCOUNTS", "serviceAccounts"],
        ["namespaces", "namespace"],
        ["namspace", "namespace"],
        ["kubeConfig", "kubeconfig"],
        ["prot", undefined],
        ["porte", "port"],
        ["insecureSkipVerify", undefined],
        ["", undefined],
    ];
    for (const [given, meant] of cases) {
        it(`of ${JSON.stringify(given)} is ${meant ?? "none"}`, () => {
            assert.equal(suggestion(given, KNOWN), meant);
        });
    }

    it("is one of the known keys, or none", () => {
        fc.assert(
            fc.property(fc.string(), fc.array(fc.string()), (given, known) => {
                const meant = suggestion(given, known);
                assert.ok(meant === undefined || known.includes(meant));
            }),
        );
    });
});
