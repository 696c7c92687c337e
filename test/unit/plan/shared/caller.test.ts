import assert from "node:assert/strict";
import fc from "fast-check";
import {
    allowsCaller,
    callerNamespaces,
    callerOfPrincipal,
    principals,
    validateCallers,
} from "../../../../plan/shared/caller";
import { callers, label } from "../../../support/arbitraries";

describe("validateCallers", () => {
    it("accepts every list of namespaces and service accounts", () => {
        fc.assert(fc.property(callers, (all) => assert.deepEqual(validateCallers("allowFrom", all), [])));
    });

    it("refuses a list that lets nobody in", () => {
        assert.deepEqual(
            validateCallers("allowFrom", []).map(({ path }) => path),
            ["allowFrom"],
        );
        assert.deepEqual(
            validateCallers("allowFrom", [{ namespace: "a" }, { namespace: "b", serviceAccounts: [] }]).map(
                ({ path }) => path,
            ),
            ["allowFrom[1].serviceAccounts"],
        );
    });

    it("refuses names that would match more than they say, at their place", () => {
        const violations = validateCallers("allowFrom", [
            { namespace: "*" },
            { namespace: "b", serviceAccounts: ["a", "*", ""] },
        ]);
        assert.deepEqual(
            violations.map(({ path }) => path),
            ["allowFrom[0].namespace", "allowFrom[1].serviceAccounts[1]", "allowFrom[1].serviceAccounts[2]"],
        );
    });
});

describe("principals", () => {
    it("are read as the callers that they were made of, in whichever trust domain", () => {
        const trustDomain = fc.constantFrom("cluster.local", "mesh.test");
        fc.assert(
            fc.property(callers, trustDomain, (all, domain) => {
                const read = principals(all, domain).map(callerOfPrincipal);
                assert.ok(read.every((caller) => caller !== undefined));
                assert.deepEqual(principals(read, domain), principals(all, domain));
            }),
        );
    });

    it("are no callers where they are not of one namespace", () => {
        for (const text of [
            "*",
            "cluster.local/*",
            "cluster.local/ns/*/sa/a",
            "cluster.local/ns/a",
            "",
            "xns/a/sa/b",
        ]) {
            assert.equal(callerOfPrincipal(text), undefined, text);
        }
    });

    it("match exactly whom allowsCaller allows", () => {
        fc.assert(
            fc.property(callers, label(), label(), fc.nat(), (all, namespace, account, at) => {
                const one = all[at % all.length];
                const candidates = [
                    [namespace, account],
                    [one.namespace, account],
                    [namespace, one.serviceAccounts?.[0] ?? account],
                    [one.namespace, one.serviceAccounts?.[0] ?? account],
                    [`${one.namespace}x`, account],
                ];
                for (const [ns, sa] of candidates) {
                    const identity = `cluster.local/ns/${ns}/sa/${sa}`;
                    const matched = principals(all, "cluster.local").some((principal) =>
                        principal.endsWith("*") ? identity.startsWith(principal.slice(0, -1)) : identity === principal,
                    );
                    assert.equal(matched, allowsCaller(all, ns, sa), identity);
                }
            }),
        );
    });

    it("do not depend on the order in which callers are written", () => {
        fc.assert(
            fc.property(callers, (all) => {
                assert.deepEqual(principals([...all].reverse(), "td"), principals(all, "td"));
                assert.deepEqual(callerNamespaces([...all].reverse()), callerNamespaces(all));
            }),
        );
    });
});
