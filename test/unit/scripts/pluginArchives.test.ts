import assert from "node:assert/strict";
import { archiveNames } from "../../../scripts/pluginArchives";

describe("the archives of the plugin", () => {
    it("are named as the engine asks for them, for each system and processor", () => {
        const names = archiveNames({ name: "mesh-egress", version: "1.2.3" });
        assert.ok(names.includes("pulumi-resource-mesh-egress-v1.2.3-linux-amd64.tar.gz"));
        assert.ok(names.includes("pulumi-resource-mesh-egress-v1.2.3-darwin-arm64.tar.gz"));
        assert.equal(new Set(names).size, 5);
    });
});
