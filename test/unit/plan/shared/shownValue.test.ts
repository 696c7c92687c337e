import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { shown, withoutKeys } from "../../../../plan/shared/shownValue";
import { explain } from "../../../../plan/shared/violation";

const violation = { path: "x", problem: "is wrong", expected: "another", fix: "Change it" };

describe("shown", () => {
    it("quotes hosts, ranges, images and paths as they are", () => {
        for (const value of [
            "api.partner.example",
            "*.w.example",
            "10.0.0.0/16",
            "docker.io/istio/proxyv2:1.31.0",
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/y",
            "",
        ]) {
            assert.equal((JSON.parse(shown(value)) as string).slice(0, 60), value.slice(0, 60));
        }
        assert.equal(shown(8443), "8443");
        assert.equal(shown(false), "false");
    });

    const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const secrets: Record<string, string> = {
        "a PEM key": pem,
        "a PEM key on one line": pem.replaceAll("\n", "\\n"),
        "the base64 of a key": key.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
        "the base64url of 32 bytes": randomBytes(32).toString("base64url"),
        "the base64 of 32 bytes, with slashes": Buffer.alloc(32, 0xff).toString("base64"),
        "hexadecimal text": randomBytes(32).toString("hex"),
        "a JSON Web Token": `eyJhbGciOiJIUzI1NiJ9.${Buffer.from("{}").toString("base64url")}.c2ln`,
        "a token by its prefix": `ghp_${randomBytes(8).toString("hex")}`,
        "a URL with a password": "https://user:correct-horse@registry.example",
        "a password by its name": "password=correct-horse",
        "two lines": "first\nsecond",
    };
    for (const [what, value] of Object.entries(secrets)) {
        it(`tells of ${what} its length alone`, () => {
            assert.equal(shown(value), `[text of ${value.length} characters]`);
        });
    }

    it("is one line of at most 90 characters, whatever the text", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary", maxLength: 400 }), (value) => {
                assert.doesNotMatch(shown(value), /[\p{Cc}\u2028\u2029]/u);
                assert.ok(JSON.stringify(value).length > 90 || shown(value).length <= 90);
            }),
        );
    });

    it("never shows a key, wherever it is in the text", () => {
        fc.assert(
            fc.property(
                fc.string(),
                fc.uint8Array({ minLength: 32, maxLength: 64 }),
                fc.string(),
                (before, bytes, after) => {
                    const secret = Buffer.from(bytes).toString("base64url");
                    assert.ok(!shown(`${before}${secret}${after}`).includes(secret));
                    assert.ok(!explain({ ...violation, value: `${before}${secret}${after}` }).includes(secret));
                },
            ),
        );
    });

    it("cuts long text", () => {
        assert.equal(shown("many words ".repeat(40)), JSON.stringify(`${"many words ".repeat(40).slice(0, 80)}...`));
    });
});

describe("withoutKeys", () => {
    it("takes PEM blocks and long keys out of a message that repeats them", () => {
        const pem = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----";
        assert.equal(
            withoutKeys(`is not ${pem} or ${"a1".repeat(40)}; expected\nmore`),
            "is not [PEM] or [text of 80 characters]; expected more",
        );
    });
});
