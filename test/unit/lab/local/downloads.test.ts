import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failedDownloadLine, noteFailedDownload, wasRefusedLately } from "../../../../lab/local/downloads";
import { rememberEnvironment } from "../../../support/environment";

describe("a download that failed", () => {
    const restore = rememberEnvironment("MESH_EGRESS_CACHE");
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "mesh-egress-downloads-"));
        process.env.MESH_EGRESS_CACHE = folder;
    });
    afterEach(() => {
        restore();
        rmSync(folder, { recursive: true });
    });

    it("is told in one line, with the file that keeps it from being tried again", () => {
        noteFailedDownload();
        const line = failedDownloadLine([
            { name: "kubernetes", version: "4.24.0", source: "stand-in" },
            { name: "tls", version: "5.2.0", source: "official" },
        ]);
        const [, file = ""] = /when you delete (\S+)\. /.exec(line ?? "") ?? [];
        assert.ok(existsSync(file), line);
        assert.match(line ?? "", /^Download failed: the official kubernetes 4\.24\.0\. .*needs helm on PATH.*$/);
    });

    it("is not told where all plugins are the official ones", () => {
        assert.equal(failedDownloadLine([{ name: "tls", version: "5.2.0", source: "official" }]), undefined);
    });

    it("is tried again after a day", () => {
        assert.equal(wasRefusedLately(), false);
        noteFailedDownload();
        assert.equal(wasRefusedLately(), true);
        const dayAgo = Date.now() / 1000 - 24 * 3600 - 1;
        utimesSync(join(folder, "download-refused"), dayAgo, dayAgo);
        assert.equal(wasRefusedLately(), false);
    });
});
