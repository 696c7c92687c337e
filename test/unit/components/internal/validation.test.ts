import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { validated, assertValid } from "../../../../components/internal/validation";
import { record, valueOf } from "../../../support/mocks";

const violation = { path: "hosts[0]", value: "*", problem: "is a wildcard", expected: "a name", fix: "List them" };

describe("refuse", () => {
    it("does nothing without a violation", () => {
        assert.doesNotThrow(() => assertValid("EgressRoute", "partner", []));
    });

    it("throws all violations as one error, by property and in the message", () => {
        assert.throws(
            () => assertValid("EgressRoute", "partner", [violation, { ...violation, path: "port", value: 0 }]),
            (error: pulumi.InputPropertiesError) => {
                assert.ok(pulumi.InputPropertiesError.isInstance(error));
                assert.equal(
                    error.message,
                    'EgressRoute "partner" is refused:\n' +
                        '  hosts[0]: "*" is a wildcard; expected a name. List them.\n' +
                        "  port: 0 is a wildcard; expected a name. List them.",
                );
                assert.deepEqual(error.errors, [
                    { propertyPath: "hosts[0]", reason: '"*" is a wildcard; expected a name. List them.' },
                    { propertyPath: "port", reason: "0 is a wildcard; expected a name. List them." },
                ]);
                return true;
            },
        );
    });
});

describe("a refusal that Pulumi inspects", () => {
    it("is its message, without a trace that takes long to colour", () => {
        assert.throws(
            () => assertValid("EgressRoute", "partner", [violation]),
            (error: Error) => inspect(error, { colors: true }) === error.message,
        );
    });
});

describe("validated", () => {
    const check = ({ name }: { name: string }) => (name === "bad" ? [violation] : []);

    before(() => record());

    it("refuses a plain value at once", () => {
        assert.throws(() => validated<{ name: string }>("X", "x", { name: "bad" }, check), /is refused/);
    });

    it("refuses what becomes known later when it does", async () => {
        for (const later of [pulumi.output("bad"), Promise.resolve("bad"), pulumi.secret("bad")]) {
            await assert.rejects(valueOf(validated<{ name: string }>("X", "x", { name: later }, check)), /is refused/);
        }
    });

    it("repeats no secret in a violation, whichever of its parts had it", async () => {
        const repeat = ({ name, other }: { name: string; other: string }) => [
            { ...violation, value: name, problem: `is not ${name} but ${other}`, fix: `Write ${other}` },
        ];
        const given = { name: pulumi.secret("hunter2"), other: pulumi.output("public") };
        await assert.rejects(
            valueOf(validated<{ name: string; other: string }>("X", "x", given, repeat)),
            (error: Error) => !error.message.includes("hunter2") && error.message.includes("public"),
        );
    });

    it("hands on what is accepted, and keeps secrets secret", async () => {
        const value = validated<{ name: string }>("X", "x", { name: pulumi.secret("good") }, check);
        assert.deepEqual(await valueOf(value), { name: "good" });
        assert.ok(await pulumi.isSecret(value));
    });
});
