import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { archiveNames, makeArchives } from "../../../scripts/pluginArchives";
import { packageJson } from "../../../scripts/schema";

describe("the archives of the plugin", () => {
    it("are named as the engine asks for them, for each system and processor", () => {
        const names = archiveNames({ name: "mesh-egress", version: "1.2.3" });
        assert.ok(names.includes("pulumi-resource-mesh-egress-v1.2.3-linux-amd64.tar.gz"));
        assert.ok(names.includes("pulumi-resource-mesh-egress-v1.2.3-darwin-arm64.tar.gz"));
        assert.equal(new Set(names).size, 5);
    });

    it("name no package that only developers need, and all others", () => {
        const folder = mkdtempSync(join(tmpdir(), "mesh-egress-plugins-"));
        try {
            const archives = makeArchives(folder);
            assert.deepEqual(
                archives.map((file) => basename(file)),
                archiveNames(),
            );
            const text = execFileSync("tar", ["-xzOf", archives[0], "./package.json"], { encoding: "utf8" });
            const manifest = JSON.parse(text) as Record<string, unknown>;
            const { devDependencies, ...rest } = packageJson();
            assert.ok(devDependencies);
            assert.deepEqual(manifest, rest);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
