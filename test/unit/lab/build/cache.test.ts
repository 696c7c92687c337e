import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheRoot, cached, keyOf, obtain } from "../../../../lab/build/cache";

function temporaryFolder(): string {
    return mkdtempSync(join(tmpdir(), "mesh-egress-test-"));
}

describe("building an artifact", () => {
    const earlier = process.env.MESH_EGRESS_CACHE;
    let root = "";
    beforeEach(() => {
        root = temporaryFolder();
        process.env.MESH_EGRESS_CACHE = root;
    });
    afterEach(() => {
        if (earlier === undefined) delete process.env.MESH_EGRESS_CACHE;
        else process.env.MESH_EGRESS_CACHE = earlier;
        rmSync(root, { recursive: true });
    });

    const artifact = (make: (directory: string) => Promise<void>) => ({ name: "thing", key: "k", make });
    const silent = () => {};

    it("happens once, also when two ask at the same time", async () => {
        let made = 0;
        const thing = artifact((directory) => {
            made++;
            writeFileSync(join(directory, "file"), "x");
            return Promise.resolve();
        });
        const [first, second] = await Promise.all([obtain(thing, silent), obtain(thing, silent)]);
        assert.equal(first, second);
        assert.equal(made, 1);
        assert.equal(cached(thing), first);
    });

    it("leaves nothing when it fails", async () => {
        const thing = artifact((directory) => {
            writeFileSync(join(directory, "half"), "x");
            return Promise.reject(new Error("no"));
        });
        await assert.rejects(obtain(thing, silent), /no/);
        assert.deepEqual(readdirSync(root), ["locks"]);
        assert.equal(cached(thing), undefined);
    });
});
describe("the cache's place", () => {
    it("is what MESH_EGRESS_CACHE says, before anything else", () => {
        assert.equal(cacheRoot({ MESH_EGRESS_CACHE: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" }), "/a");
    });

    it("is in the XDG cache folder, or in the home folder's", () => {
        assert.equal(cacheRoot({ XDG_CACHE_HOME: "/b", HOME: "/c" }), "/b/mesh-egress");
        assert.equal(cacheRoot({ HOME: "/c" }), "/c/.cache/mesh-egress");
    });
});
describe("an artifact's key", () => {
    it("does not depend on the order of its inputs", () => {
        assert.equal(keyOf({ a: "1", b: "2" }), keyOf({ b: "2", a: "1" }));
    });

    it("changes with any input, also when text moves from one to the next", () => {
        const keys = [
            keyOf({ a: "1", b: "2" }),
            keyOf({ a: "1", b: "3" }),
            keyOf({ a: "12", b: "" }),
            keyOf({ a: "1" }),
        ];
        assert.equal(new Set(keys).size, keys.length);
    });
});
