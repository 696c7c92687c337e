import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { objectsIn } from "../../../cli/input/objects";
import { readDocuments } from "../../../cli/input/yamlDocuments";
import { review } from "../../../review";

const FILE = join(__dirname, "../../../docs/samples/by-hand.yaml");

describe("the sample of a layout by hand", () => {
    it("has the one mistake that the README shows", () => {
        const { documents } = readDocuments(readFileSync(FILE, "utf8"));
        const objects = documents.flatMap((document) => objectsIn(FILE, document).objects).map(({ object }) => object);
        const found = review(objects).findings.map(({ rule, severity }) => ({ rule, severity }));
        assert.equal(objects.length, 5);
        assert.deepEqual(found, [{ rule: "server-name-unchecked", severity: "mandatory" }]);
    });
});
