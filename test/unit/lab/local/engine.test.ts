import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goVersion } from "../../../../lab/build/go";
import { messageOf } from "../../../../lab/errors";
import { canBuildEngine, engineInstallation, localEngine } from "../../../../lab/local/engine";
import { rememberEnvironment } from "../../../support/environment";

describe("the engine of a machine without one", () => {
    const restore = rememberEnvironment("PATH", "MESH_EGRESS_CACHE", "PULUMI_HOME");
    let folder: string;

    // It is asked for once in a process, and other tests need the real one.
    before(() => void goVersion());
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-engine-"));
        process.env.PATH = folder;
        process.env.MESH_EGRESS_CACHE = folder;
        delete process.env.PULUMI_HOME;
    });
    afterEach(() => {
        restore();
        rmSync(folder, { recursive: true });
    });

    it("is not built without Go, and the error says how to install Pulumi and nothing else", async () => {
        const told = await localEngine({ download: false, build: true }).then(() => "", messageOf);
        assert.equal(told, `There is no Pulumi engine. Install it: ${engineInstallation()}`);
    });

    it("can be built with Go, on the machines that the lab's builds run on", () => {
        const linux = { platform: "linux", arch: "x64" } as const;
        assert.equal(canBuildEngine(linux), false);
        writeFileSync(join(folder, "go"), "");
        chmodSync(join(folder, "go"), 0o755);
        assert.equal(canBuildEngine(linux), true);
        assert.equal(canBuildEngine({ ...linux, arch: "arm64" }), false);
        assert.equal(canBuildEngine({ platform: "darwin", arch: "x64" }), false);
    });

    it("is installed by brew on macOS, and by Pulumi's script on Linux", () => {
        assert.equal(engineInstallation("darwin"), "brew install pulumi/tap/pulumi");
        assert.equal(engineInstallation("linux"), "curl -fsSL https://get.pulumi.com | sh");
    });
});
