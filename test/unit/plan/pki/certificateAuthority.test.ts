import assert from "node:assert/strict";
import fc from "fast-check";
import { authorities } from "../../../../plan/pki/certificateAuthority";

const generations = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 2 });

describe("authorities", () => {
    it("has a root and an intermediate a generation, and issues from the first", () => {
        fc.assert(
            fc.property(generations, (list) => {
                const { all, issuing, trusted } = authorities("chain", list);
                assert.equal(issuing, `intermediate-${list[0]}`);
                assert.deepEqual(
                    trusted.toSorted(),
                    list.flatMap((generation) => [`intermediate-${generation}`, `root-${generation}`]).toSorted(),
                );
                assert.ok(trusted.every((name) => all.some((authority) => authority.name === name)));
            }),
        );
    });

    it("never asks for an authority before its issuer, nor for a longer path than the issuer allows", () => {
        fc.assert(
            fc.property(generations, (list) => {
                const { all } = authorities("chain", list);
                all.forEach(({ issuer, maxPathLength }, index) => {
                    const signer = all.slice(0, index).find(({ name }) => name === issuer);
                    assert.equal(signer === undefined, issuer === undefined);
                    assert.ok(!signer || maxPathLength < signer.maxPathLength);
                });
            }),
        );
    });

    it("keeps the names of a generation's certificates, whatever stands beside it", () => {
        const names = (list: number[]) => authorities("chain", list).all.map(({ name }) => name);
        const alone = names([1]);
        for (const list of [
            [2, 1],
            [1, 2],
        ]) {
            assert.ok(alone.every((name) => names(list).includes(name)));
        }
    });
});
