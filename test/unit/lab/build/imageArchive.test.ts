import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { writeImageArchive } from "../../../../lab/build/imageArchive";

function temporaryFolder(): string {
    return mkdtempSync(join(tmpdir(), "mesh-egress-test-"));
}

describe("the image archive", () => {
    it("holds each image's configuration and layers, the base once", async () => {
        const folder = temporaryFolder();
        const base = join(folder, "base.tar");
        const program = join(folder, "program");
        writeFileSync(base, "base");
        writeFileSync(program, "program");
        const target = join(folder, "images.tar");
        const files = [{ source: program, path: "bin/program", mode: 0o755 }];
        await writeImageArchive(
            base,
            [
                { name: "lab.example/plain:1", files: [], config: { User: "100:101" } },
                { name: "lab.example/with:1", files, config: { Entrypoint: ["/bin/program"] } },
            ],
            target,
        );
        const entries = await readTar(target);
        const manifest = JSON.parse(entries["manifest.json"]) as {
            Config: string;
            RepoTags: string[];
            Layers: string[];
        }[];
        assert.deepEqual(
            manifest.map(({ RepoTags }) => RepoTags[0]),
            ["lab.example/plain:1", "lab.example/with:1"],
        );
        const [plain, other] = manifest;
        assert.equal(plain.Layers.length, 1);
        assert.equal(other.Layers[0], plain.Layers[0]);
        assert.equal(other.Layers.length, 2);
        assert.ok([...plain.Layers, ...other.Layers].every((layer) => layer in entries));
        assert.equal((JSON.parse(entries[plain.Config]) as { config: { User: string } }).config.User, "100:101");
        assert.ok(!existsSync(join(folder, "layer-1.tar")));
        rmSync(folder, { recursive: true });
    });
});

function readTar(file: string): Promise<Record<string, string>> {
    return new Promise((resolve, reject) => {
        const entries: Record<string, string> = {};
        const tar = extract();
        tar.on("entry", (header, stream, next) => {
            let text = "";
            stream.on("data", (chunk) => (text += (chunk as Buffer).toString("latin1")));
            stream.on("end", () => {
                entries[header.name] = text;
                next();
            });
        });
        tar.on("finish", () => resolve(entries));
        tar.on("error", reject);
        tar.end(readFileSync(file));
    });
}
