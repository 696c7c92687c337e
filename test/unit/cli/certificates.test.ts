import assert from "node:assert/strict";
import { runCommand } from "../../support/command";

const CERTIFICATE = {
    name: "client-app",
    subject: "CN=app",
    issuer: "CN=chain intermediate 1",
    subjectAltNames: [],
    serial: "0a0b",
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2026-06-01T00:00:00.000Z",
    renewFrom: "2026-05-20T00:00:00.000Z",
};

const at = (moment: string, value: unknown, args: string[] = []) =>
    runCommand(["certificates", "--stack", "dev", ...args], {
        now: new Date(moment),
        openStack: () =>
            Promise.resolve({
                outputs: () => Promise.resolve({ certificates: value === undefined ? undefined : { value } }),
                preview: () => Promise.reject(new Error("not asked")),
            }),
    });

describe("mesh-egress certificates", () => {
    it("ends with 0 while a certificate lasts, and with 1 once one has expired", async () => {
        const fine = await at("2026-02-01T00:00:00Z", [CERTIFICATE]);
        assert.equal(fine.code, 0);
        assert.match(fine.out, /client-app .* ok$/m);
        assert.equal((await at("2026-06-02T00:00:00Z", [CERTIFICATE])).code, 1);
    });

    it("writes the same for programs", async () => {
        const { out } = await at("2026-06-02T00:00:00Z", [CERTIFICATE], ["-o", "json"]);
        assert.deepEqual(JSON.parse(out), [{ ...CERTIFICATE, state: "expired" }]);
    });

    it("ends with 2 where the stack has no such output", async () => {
        const { code, err } = await at("2026-02-01T00:00:00Z", undefined);
        assert.equal(code, 2);
        assert.match(err, /has no output "certificates"/);
    });
});
