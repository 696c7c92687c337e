import assert from "node:assert/strict";
import { allRules } from "../../../review";
import { runCommand } from "../../support/command";

describe("mesh-egress rules", () => {
    it("lists every rule once, with its severity", async () => {
        const { code, out } = await runCommand(["rules"]);
        assert.equal(code, 0);
        assert.deepEqual(
            out.split("\n").map((line) => line.split(":")[0]),
            allRules().map(({ id, severity }) => `${id} (${severity})`),
        );
        assert.deepEqual(JSON.parse((await runCommand(["rules", "-o", "json"])).out), allRules());
    });

    it("prints the page of each rule", async () => {
        for (const { id, title } of allRules()) {
            const { code, out } = await runCommand(["rules", id]);
            assert.equal(code, 0);
            assert.ok(out.startsWith(`# ${id}\n`));
            assert.ok(out.replace(/\\([*_<>])/g, "$1").includes(title), id);
        }
    });

    it("ends with 2 for a rule that there is not, and says which comes near", async () => {
        const { code, err } = await runCommand(["rules", "open-egres"]);
        assert.equal(code, 2);
        assert.match(err, /^RULE "open-egres" is not a known rule\. Did you mean open-egress\?/);
    });
});
