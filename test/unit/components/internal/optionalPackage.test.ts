import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingPackage, optionalModule } from "../../../../components/internal/optionalPackage";

const ROOT = join(__dirname, "../../../..");

describe("a package that only some components use", () => {
    it("is loaded by its first use, and not before", () => {
        const path = optionalModule<typeof import("node:path")>("node:path");
        assert.equal(path.sep, join("a", "b")[1]);
        assert.throws(
            () => optionalModule<{ a: string }>("@pulumi/not-there/part").a,
            /@pulumi\/not-there is not installed/,
        );
    });

    it("passes on what is wrong inside of it", () => {
        const folder = mkdtempSync(join(tmpdir(), "mesh-egress-optional-"));
        const file = join(folder, "broken.cjs");
        writeFileSync(file, 'require("inner-missing");\n');
        try {
            assert.throws(() => optionalModule<{ a: string }>(file).a, /inner-missing/);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("is told with the command that installs it, where the package is", () => {
        assert.match(
            missingPackage("@pulumi/tls", ROOT),
            new RegExp(`: npm install --omit=dev --save-prod --prefix ${ROOT} @pulumi/tls@"\\^5\\.[\\d.]+"$`),
        );
    });
});
