import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CUT_ATTRIBUTES, cutAttributes } from "../../../../cli/recover/cutAttributes";

const WHOLE = '{"user.content_type":"application/json"}';

describe("cutAttributes", () => {
    let backend: string;
    let stacks: string;

    beforeEach(() => {
        backend = mkdtempSync(join(tmpdir(), "mesh-egress-state-"));
        stacks = join(backend, ".pulumi", "stacks", "project");
        mkdirSync(stacks, { recursive: true });
    });

    afterEach(() => rmSync(backend, { recursive: true }));

    const found = (stack: string, url = pathToFileURL(backend).href) => cutAttributes(url, stack);
    const write = (file: string, text: string) => writeFileSync(join(stacks, file), text);

    for (const text of ["", '{"user.content']) {
        it(`finds the files of a stack that end after ${JSON.stringify(text)}`, async () => {
            write("dev.json.attrs", text);
            write("dev.json.bak.attrs", text);
            const files = ["dev.json.attrs", "dev.json.bak.attrs"].map((file) => join(stacks, file));
            assert.deepEqual((await found("dev")).sort(), files);
            assert.deepEqual((await found("organization/project/dev")).sort(), files);
        });
    }

    it("leaves whole files, those of other stacks, and states alone", async () => {
        write("dev.json.attrs", WHOLE);
        write("prod.json.attrs", "");
        write("dev.json", "");
        assert.deepEqual(await found("dev"), []);
    });

    it("finds none where states are not in a folder, or there is no folder", async () => {
        write("dev.json.attrs", "");
        assert.deepEqual(await found("dev", "https://api.pulumi.com"), []);
        assert.deepEqual(await found("dev", pathToFileURL(join(backend, "none")).href), []);
    });
});

describe("CUT_ATTRIBUTES", () => {
    it("is what the engine says, and not of a state that is cut itself", () => {
        assert.match("error: failed to load checkpoint: EOF", CUT_ATTRIBUTES);
        assert.match("error: failed to load checkpoint: unexpected EOF", CUT_ATTRIBUTES);
        assert.doesNotMatch("error: failed to load checkpoint: unexpected end of JSON input", CUT_ATTRIBUTES);
    });
});
