import assert from "node:assert/strict";
import { safeText } from "../../../report/safe";
import { newKey, keyPem } from "../../support/certificates";

describe("the texts that may be on a page", () => {
    it("are names as long as they may be, and digests", () => {
        for (const name of [`${"a".repeat(63)}.example`, `1.31.0@sha256:${"0".repeat(64)}`]) {
            assert.equal(safeText(name), name);
        }
    });

    it("are no key, whole or with a damaged beginning", () => {
        const key = keyPem(newKey());
        for (const text of [key, `name ${key}`, key.slice(3), key.slice(key.indexOf("\n") + 1)]) {
            assert.equal(safeText(text), undefined);
        }
    });
});
