import assert from "node:assert/strict";
import { objectsIn } from "../../../../cli/input/objects";

const read = (value: unknown) => objectsIn("a.yaml", { line: 3, text: "", value });

describe("objectsIn", () => {
    it("unwraps Lists, one in the other too, and gives the items of a typed list their kind", () => {
        const { objects } = read({
            apiVersion: "v1",
            kind: "List",
            items: [
                { apiVersion: "v1", kind: "Service", metadata: { name: "a" } },
                {
                    apiVersion: "networking.istio.io/v1",
                    kind: "ServiceEntryList",
                    items: [{ metadata: { name: "b" } }],
                },
            ],
        });
        assert.deepEqual(
            objects.map(({ object, source }) => [object.apiVersion, object.kind, source?.path]),
            [
                ["v1", "Service", "items[0]"],
                ["networking.istio.io/v1", "ServiceEntry", "items[1].items[0]"],
            ],
        );
    });

    it("takes an object whose kind happens to end in List for what it is", () => {
        const { objects } = read({ apiVersion: "example.com/v1", kind: "AllowList", spec: {} });
        assert.deepEqual(
            objects.map(({ object }) => object.kind),
            ["AllowList"],
        );
    });

    it("names what is no object instead of leaving it out silently", () => {
        assert.deepEqual(read({ replicas: 2 }).skipped, [
            { source: "a.yaml", line: 3, reason: "the document has no apiVersion and kind" },
        ]);
        assert.equal(read("text").skipped.length, 1);
    });
});
