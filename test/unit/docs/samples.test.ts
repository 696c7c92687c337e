import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../../../lab/command";
import { objectsIn } from "../../../cli/input/objects";
import { readDocuments } from "../../../cli/input/yamlDocuments";
import { review } from "../../../review";

const ROOT = join(__dirname, "../../..");
const FILE = join(ROOT, "docs/samples/by-hand.yaml");

describe("the sample of a layout by hand", () => {
    it("has the one mistake that the README shows", () => {
        const { documents } = readDocuments(readFileSync(FILE, "utf8"));
        const objects = documents.flatMap((document) => objectsIn(FILE, document).objects).map(({ object }) => object);
        const found = review(objects).findings.map(({ rule, severity }) => ({ rule, severity }));
        assert.equal(objects.length, 5);
        assert.deepEqual(found, [{ rule: "server-name-unchecked", severity: "mandatory" }]);
    });

    it("is reviewed by the command of the README, as it is typed in a clone", async () => {
        const line = "npm run mesh-egress -- review docs/samples/by-hand.yaml";
        assert.ok(readFileSync(join(ROOT, "README.md"), "utf8").includes(`\`\`\`sh\n${line}\n\`\`\``));
        const { stdout, exitCode } = await attempt("sh", ["-c", line], { cwd: ROOT });
        assert.equal(exitCode, 1);
        assert.match(stdout, /mandatory {2}server-name-unchecked .*docs\/samples\/by-hand\.yaml:\d+/);
    });
});
