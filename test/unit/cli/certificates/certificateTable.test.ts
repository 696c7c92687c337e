import assert from "node:assert/strict";
import { CertificateDetails } from "../../../../plan/pki/certificateDetails";
import { certificateState, certificateTable } from "../../../../cli/certificates/certificateTable";

const facts: CertificateDetails = {
    name: "client-app",
    subject: "O=mesh-egress, CN=app",
    issuer: "CN=chain intermediate 1",
    subjectAltNames: [],
    serial: "0a0b",
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2026-06-01T00:00:00.000Z",
    renewFrom: "2026-05-20T00:00:00.000Z",
};

describe("certificateState", () => {
    it("gets worse as the end comes nearer, and never better", () => {
        const moments: [moment: string, state: string][] = [
            ["2026-01-01T00:00:00Z", "ok"],
            ["2026-05-01T23:59:59Z", "ok"],
            ["2026-05-02T00:00:00Z", "expires soon"],
            ["2026-05-20T00:00:00Z", "renewed by the next update"],
            ["2026-05-25T00:00:00Z", "overlooked"],
            ["2026-06-01T00:00:00Z", "expired"],
        ];
        assert.deepEqual(
            moments.map(([moment]) => certificateState(facts, new Date(moment))),
            moments.map(([, state]) => state),
        );
    });
});

describe("certificateTable", () => {
    it("has a line for each certificate, the one that ends first at the top", () => {
        const server = { ...facts, name: "server", subjectAltNames: ["a.example", "b.example"] };
        const root = { ...facts, name: "root-1", notAfter: "2036-01-01T00:00:00.000Z" };
        const lines = certificateTable([root, server], new Date("2026-02-01T00:00:00Z")).split("\n");
        assert.equal(lines.length, 4);
        assert.match(lines[0], /^name +subject +alternative names +serial +expires +renewed from +state$/);
        assert.match(lines[2], /^server .*a\.example b\.example +0a0b +2026-06-01 00:00Z +2026-05-20 00:00Z +ok$/);
        assert.match(lines[3], /^root-1 .* - /);
        assert.equal(new Set(lines.map((line) => line.indexOf("  ") >= 0)).size, 1);
    });
});
