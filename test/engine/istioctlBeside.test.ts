import assert from "node:assert/strict";
import { join } from "node:path";
import { binary } from "../../lab/build/build";
import { attempt } from "../../lab/command";
import { findOnPath } from "../../lab/engine/findOnPath";

describe("istioctl analyze beside mesh-egress review", () => {
    it("finds nothing in the sample of the README, in which test/unit/docs/samples.test.ts finds a mistake", async function () {
        const istioctl = binary("istioctl") ?? findOnPath("istioctl");
        if (istioctl === undefined) {
            return this.skip();
        }
        const sample = join(__dirname, "../../docs/samples/by-hand.yaml");
        const { exitCode, stdout, stderr } = await attempt(istioctl, ["analyze", "--use-kube=false", sample]);
        assert.equal(exitCode, 0);
        assert.match(stdout + stderr, /No validation issues found/);
    });
});
