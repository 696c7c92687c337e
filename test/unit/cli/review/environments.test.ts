import assert from "node:assert/strict";
import { environmentsOf } from "../../../../cli/review/environments";
import { SourcedObject } from "../../../../cli/input/objects";
import { HTTP, serviceEntry } from "../../../support/objects";

/** An object of a name in a file, with a value that tells it from others of the name. */
function at(file: string, name: string, value = "same", line = 1): SourcedObject {
    const object = serviceEntry(`app/${name}`, [`${value}.example`], [HTTP]);
    return { object, source: { file, document: { line, text: "", value: object }, path: "" } };
}

/** Which objects are judged together: `file name`. */
function together(objects: SourcedObject[]): string[][] {
    return environmentsOf(objects).environments.map((own) =>
        own.map(({ object, source }) => `${source?.file} ${(object.metadata as { name: string }).name}`),
    );
}

describe("the environments of files", () => {
    it("are one where each object is there once", () => {
        const objects = [at("a.yaml", "x"), at("b/c.yaml", "y")];
        assert.deepEqual(environmentsOf(objects), { environments: [objects], notes: [] });
    });

    it("are one where files say the same twice, which is judged once", () => {
        assert.deepEqual(together([at("a.yaml", "x"), at("b/c.yaml", "x"), at("b/c.yaml", "y")]), [
            ["a.yaml x", "b/c.yaml y"],
        ]);
    });

    it("are the folders that define an object differently, each with what is in none of them", () => {
        const objects = [
            at("base/gateway.yaml", "gateway"),
            at("overlays/dev/egress/a.yaml", "x", "dev"),
            at("overlays/dev/dns.yaml", "dns"),
            at("overlays/prod/egress/a.yaml", "x", "prod"),
        ];
        assert.deepEqual(together(objects), [
            ["base/gateway.yaml gateway", "overlays/dev/egress/a.yaml x", "overlays/dev/dns.yaml dns"],
            ["base/gateway.yaml gateway", "overlays/prod/egress/a.yaml x"],
        ]);
        const [note] = environmentsOf(objects).notes;
        assert.equal(note.source, "overlays");
        assert.match(note.reason, /^dev, prod define the same objects differently, so each was reviewed by itself/);
    });

    it("are the files of one folder that do", () => {
        assert.deepEqual(
            together([at("k/dev.yaml", "x", "dev"), at("k/prod.yaml", "x", "prod"), at("k/z.yaml", "z")]),
            [
                ["k/dev.yaml x", "k/z.yaml z"],
                ["k/prod.yaml x", "k/z.yaml z"],
            ],
        );
    });

    it("are nested folders, and folders of two kinds side by side: each is judged", () => {
        const objects = [
            at("dev/x.yaml", "x", "dev"),
            at("prod/eu/x.yaml", "x", "eu"),
            at("prod/us/x.yaml", "x", "us"),
            at("prod/all.yaml", "y", "prod"),
        ];
        assert.deepEqual(together(objects), [
            ["dev/x.yaml x"],
            ["prod/eu/x.yaml x", "prod/all.yaml y"],
            ["prod/us/x.yaml x", "prod/all.yaml y"],
        ]);
        const sides = ["a/1.yaml", "a/2.yaml"].map((file) => at(file, "x", file[2]));
        const others = ["b/1.yaml", "b/2.yaml"].map((file) => at(file, "y", file[2]));
        const judged = together([...sides, ...others]);
        for (const name of ["a/1.yaml x", "a/2.yaml x", "b/1.yaml y", "b/2.yaml y"]) {
            assert.ok(
                judged.some((own) => own.includes(name)),
                name,
            );
        }
        assert.ok(judged.every((own) => own.length === 2));
    });

    it("keep the later of two objects in one file, as kubectl does, and say so", () => {
        const objects = [at("a.yaml", "x", "one", 3), at("a.yaml", "x", "two", 9)];
        const { environments, notes } = environmentsOf(objects);
        assert.deepEqual(environments, [[objects[1]]]);
        assert.match(notes[0].reason, /^a\.yaml:3 is replaced by the same object at line 9/);
    });

    it("tell objects apart by group, kind, namespace and name, and leave what has no name or is in no file alone", () => {
        const other = at("b.yaml", "x", "two");
        const version = { ...other, object: { ...other.object, apiVersion: "networking.istio.io/v1beta1" } };
        assert.equal(together([at("a.yaml", "x", "one"), version]).length, 2);
        const group = { ...other, object: { ...other.object, apiVersion: "example.org/v1" } };
        assert.equal(together([at("a.yaml", "x", "one"), group]).length, 1);
        const unnamed = [at("a.yaml", "", "one"), at("b.yaml", "", "two")];
        assert.deepEqual(environmentsOf(unnamed).environments, [unnamed]);
        const live = [at("", "x", "one"), at("", "x", "two")].map(({ object }) => ({ object }));
        assert.deepEqual(environmentsOf(live).environments, [live]);
    });
});
