import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const ROOT = join(__dirname, "../../..");
const page = readFileSync(join(ROOT, "docs/azure.md"), "utf8");
const part = (title: string) => page.split(`\n## ${title}\n`)[1].split("\n## ")[0];

describe("docs/azure.md", () => {
    it("takes at most six steps and two values from a fresh machine to dev", () => {
        const journey = part("From a fresh machine to the dev environment");
        const steps = [...journey.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
        assert.deepEqual(steps, [1, 2, 3, 4, 5, 6]);
        const set = [...journey.matchAll(/pulumi config set --path 'mesh-egress:azure\.(\w+)'/g)].map(
            ([, value]) => value,
        );
        const file = parse(readFileSync(join(ROOT, "stacks/Pulumi.dev.yaml"), "utf8")) as {
            config: { "mesh-egress:azure": Record<string, unknown> };
        };
        const has = file.config["mesh-egress:azure"];
        assert.deepEqual(set, ["adminGroup"]);
        assert.equal("adminGroup" in has, false, "it is asked for");
        assert.ok("location" in has, "the second value has one already");
    });

    it("names a test that exists for each number", () => {
        const rows = [...part("What shows it").matchAll(/^\| (\d+) .*$/gm)];
        assert.deepEqual(
            rows.map(([, number]) => Number(number)),
            Array.from({ length: 17 }, (_, index) => index + 1),
        );
        for (const [row] of rows) {
            const files = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file);
            assert.ok(files.length > 0, row);
            for (const file of files) {
                assert.ok(existsSync(join(ROOT, file)), file);
            }
        }
    });
});
