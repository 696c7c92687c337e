import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildsFolder } from "../../../../lab/build/go";
import { linkerFlags } from "../../../../lab/build/goBinary";
import { goBinaries } from "../../../../lab/build/goModules";

describe("the programs the lab builds", () => {
    it("have a module with committed versions each", () => {
        for (const { module } of goBinaries) {
            assert.ok(existsSync(join(buildsFolder, module, "go.mod")), module);
            assert.ok(existsSync(join(buildsFolder, module, "go.sum")), module);
        }
    });

    it("have names of their own", () => {
        assert.equal(new Set(goBinaries.map(({ name }) => name)).size, goBinaries.length);
    });

    it("are linked with their versions", () => {
        assert.equal(linkerFlags({ "a.b": "v1" }), "-s -w -X a.b=v1");
    });
});
