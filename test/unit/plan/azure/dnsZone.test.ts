import assert from "node:assert/strict";
import fc from "fast-check";
import { recordName, validateZone } from "../../../../plan/azure/dnsZone";
import { explain } from "../../../../plan/shared/violation";
import { host, label } from "../../../support/arbitraries";

const zone = { zoneName: "partner.example", hosts: ["mtls.partner.example"], ttlSeconds: 300 };

describe("recordName", () => {
    it("is what is left of a host without its zone", () => {
        fc.assert(
            fc.property(host, fc.array(label(), { maxLength: 3 }), (zoneName, labels) => {
                const name = [...labels, zoneName].join(".");
                assert.deepEqual(validateZone({ ...zone, zoneName, hosts: [name] }), []);
                const record = recordName(name, zoneName);
                assert.equal(record === "@" ? zoneName : `${record}.${zoneName}`, name);
            }),
        );
    });
});

describe("validateZone", () => {
    const bad: [what: string, change: Partial<typeof zone>, path: string, message: RegExp][] = [
        ["a zone that is no name", { zoneName: "*.example", hosts: [] }, "zoneName", /wildcard/],
        ["a host of another zone", { hosts: ["other.example"] }, "records[0].host", /not in the zone partner.example/],
        ["a host that only ends alike", { hosts: ["badpartner.example"] }, "records[0].host", /not in the zone/],
        ["a host twice", { hosts: [zone.hosts[0], zone.hosts[0]] }, "records[1].host", /already|duplicate/],
        ["a time that is none", { ttlSeconds: 0 }, "ttlSeconds", /from 1 to/],
    ];
    for (const [what, change, path, message] of bad) {
        it(`refuses ${what}`, () => {
            const violations = validateZone({ ...zone, ...change });
            assert.deepEqual(
                violations.map((violation) => violation.path),
                [path],
            );
            assert.match(explain(violations[0]), message);
        });
    }
});
