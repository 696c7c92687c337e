import assert from "node:assert/strict";
import { mountsWithin } from "../../../../lab/cluster/mounts";

describe("finding the lab's mounts", () => {
    it("gives the deepest first, decoded, and no neighbours with a similar name", () => {
        const mounts = "a /x/lab t\nb /x/lab/a\\040b t\nc /x/lab/a\\040b/c t\nd /x/lab2/d t\n";
        assert.deepEqual(mountsWithin(mounts, ["/x/lab"]), ["/x/lab/a b/c", "/x/lab/a b", "/x/lab"]);
    });
});
