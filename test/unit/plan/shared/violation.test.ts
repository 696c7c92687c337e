import assert from "node:assert/strict";
import fc from "fast-check";
import { explain, under } from "../../../../plan/shared/violation";

const violation = { path: "hosts[0]", value: "*.x", problem: "is a wildcard", expected: "a name", fix: "List them" };

describe("explain", () => {
    it("says the value, what is wrong, what was expected and the fix", () => {
        assert.equal(explain(violation), '"*.x" is a wildcard; expected a name. List them.');
        assert.equal(explain({ ...violation, value: 0 }), "0 is a wildcard; expected a name. List them.");
    });

    it("begins with the problem where there is no value to show", () => {
        assert.equal(explain({ ...violation, value: undefined }), "is a wildcard; expected a name. List them.");
    });

    it("keeps any value on one line", () => {
        fc.assert(fc.property(fc.string(), (value) => assert.doesNotMatch(explain({ ...violation, value }), /[\n\r]/)));
    });
});

describe("under", () => {
    it("tells a path from the outside", () => {
        const paths = ["hosts[0]", "[1].name", ""];
        assert.deepEqual(
            under(
                "routes[2]",
                paths.map((path) => ({ ...violation, path })),
            ).map(({ path }) => path),
            ["routes[2].hosts[0]", "routes[2][1].name", "routes[2]"],
        );
    });
});
