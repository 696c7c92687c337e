import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { cacheRoot, cached, keyOf, obtain } from "../../../lab/build/cache";
import { installCommand, missingPackages } from "../../../lab/build/debian";
import { buildsFolder } from "../../../lab/build/go";
import { linkerFlags } from "../../../lab/build/goBinary";
import { goBinaries } from "../../../lab/build/goModules";
import { writeImageArchive } from "../../../lab/build/imageArchive";
import { mayBeOld } from "../../../lab/build/prune";
import { withLock } from "../../../lab/lock";

function temporaryFolder(): string {
    return mkdtempSync(join(tmpdir(), "mesh-egress-test-"));
}

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

describe("a lock", () => {
    it("makes the second wait for the first, and says for whom", async () => {
        const folder = temporaryFolder();
        const order: string[] = [];
        const file = join(folder, "lock");
        let finish = () => {};
        const finished = new Promise<void>((resolve) => (finish = resolve));
        const first = new Promise<void>((started, failed) => {
            withLock(file, silentWait, async () => {
                started();
                await finished;
                order.push("first");
            }).catch(failed);
        });
        await first;
        const second = withLock(
            file,
            (holder) => {
                order.push(holder);
                finish();
            },
            () => Promise.resolve(order.push("second")),
        );
        await second;
        assert.deepEqual(order, [`process ${process.pid}`, "first", "second"]);
        rmSync(folder, { recursive: true });
    });
    const silentWait = () => {};
});

describe("Debian's packages", () => {
    const tools = [
        { program: "runc", package: "runc" },
        { program: "ctr", package: "containerd" },
        { program: "containerd", package: "containerd" },
    ];

    it("are missing when their program is, each named once", () => {
        assert.deepEqual(
            missingPackages(tools, () => false),
            ["runc", "containerd"],
        );
        assert.deepEqual(
            missingPackages(tools, (program) => program !== "ctr"),
            ["containerd"],
        );
    });

    it("come with the command that installs them", () => {
        assert.match(installCommand(["runc"]), /apt-get install .*runc/);
    });
});

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

describe("pruning the cache", () => {
    const known = new Set(["kubelet"]);

    it("considers only what a build could have made", () => {
        assert.ok(mayBeOld("kubelet-0123456789abcdef", known));
        assert.ok(!mayBeOld("pulumi-home", known));
        assert.ok(!mayBeOld("stacks", known));
        assert.ok(!mayBeOld("other-0123456789abcdef", known));
    });

    it("leaves what somebody is building", () => {
        assert.ok(!mayBeOld(`.partial-${process.pid}-ab`, known));
        assert.ok(mayBeOld(`.partial-${2 ** 30}-ab`, known));
    });
});

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
