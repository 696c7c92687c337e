import assert from "node:assert/strict";
import { mayBeOld } from "../../../../lab/build/prune";

describe("pruning the cache", () => {
    const known = new Set(["kubelet"]);

    it("considers only what a build could have made", () => {
        assert.ok(mayBeOld("kubelet-0123456789abcdef", known));
        assert.ok(!mayBeOld("pulumi-home", known));
        assert.ok(!mayBeOld("stacks", known));
        assert.ok(!mayBeOld("other-0123456789abcdef", known));
    });

    it("leaves what somebody is building", () => {
        assert.ok(!mayBeOld(`.partial-${process.pid}-ab`, known));
        assert.ok(mayBeOld(`.partial-${2 ** 30}-ab`, known));
    });
});
