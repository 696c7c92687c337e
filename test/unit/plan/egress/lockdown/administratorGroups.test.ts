import assert from "node:assert/strict";
import fc from "fast-check";
import { validateAdministrators } from "../../../../../plan/egress/lockdown/administratorGroups";
import { label } from "../../../../support/arbitraries";

function refused(group: string, untrusted: string[] = ["payments"]): boolean {
    const violations = validateAdministrators("administrators", [group], untrusted);
    assert.ok(violations.every(({ path }) => path === "administrators[0]"));
    return violations.length > 0;
}

describe("the groups that may administer the gateway", () => {
    it("are any of the user's own", () => {
        const word = fc.string({ unit: fc.constantFrom(..."abz019-_.@/:"), minLength: 1 });
        fc.assert(
            fc.property(word, (group) => {
                fc.pre(!group.startsWith("system:"));
                assert.equal(refused(group), false);
            }),
        );
        for (const group of [
            "egress-team",
            "oidc:Egress Team",
            "0d1a3c9e-9c4f-4f8e-8a71-6d8f3b6b8d11",
            "CN=egress,O=x",
        ]) {
            assert.equal(refused(group), false, group);
        }
    });

    it("are none of Kubernetes' own, whatever a later version calls them", () => {
        for (const group of [
            "system:authenticated",
            "system:authenticated:oauth",
            "system:unauthenticated",
            "system:serviceaccounts",
            "system:serviceaccounts:",
            "system:masters",
            "system:nodes",
            "system:bootstrappers",
        ]) {
            assert.ok(refused(group), group);
        }
        fc.assert(
            fc.property(fc.string(), (rest) => {
                fc.pre(!rest.startsWith("serviceaccounts:"));
                assert.ok(refused(`system:${rest}`));
            }),
        );
    });

    it("may be the service accounts of a namespace that is neither locked nor the gateway's", () => {
        fc.assert(
            fc.property(fc.uniqueArray(label(), { minLength: 2 }), ([trusted, ...untrusted]) => {
                assert.equal(refused(`system:serviceaccounts:${trusted}`, untrusted), false);
                for (const namespace of untrusted) {
                    assert.ok(refused(`system:serviceaccounts:${namespace}`, untrusted));
                    assert.ok(refused(`system:serviceaccounts:${namespace}:default`, []));
                }
            }),
        );
    });

    it("have a name: no wildcard, no space at an end, no line end", () => {
        for (const group of ["", " ", "*", "team*", " team", "team ", "a\nb", "a\tb"]) {
            assert.ok(refused(group), JSON.stringify(group));
        }
    });
});
