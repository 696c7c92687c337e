import assert from "node:assert/strict";
import { explain } from "../../../../plan/shared/violation";
import { validateWildcard } from "../../../../plan/shared/wildcard";

function refused(host: string, sharedDomain = false): string[] {
    return validateWildcard("hosts[0]", host, sharedDomain).map(explain);
}

describe("validateWildcard", () => {
    for (const host of [
        "*.partner.example",
        "*.partner.co.uk",
        "*.a.b.partner.example",
        "*.mine.blob.core.windows.net",
    ]) {
        it(`accepts ${host}`, () => assert.deepEqual(refused(host), []));
    }

    const bad: [host: string, message: RegExp][] = [
        ["*", /asterisk/],
        ["*.", /asterisk|empty/],
        ["*.*.partner.example", /asterisk/],
        ["a.*.partner.example", /asterisk/],
        ["*partner.example", /asterisk/],
        ["*.com", /whole public suffix/],
        ["*.co.uk", /whole public suffix/],
        ["*.example", /whole public suffix/],
        ["*.Partner.example", /upper-case/],
        ["*.partner.example.", /ends with a dot/],
        ["*.10.0.0.1", /IP address/],
        ["*.partner.example:443", /port/],
    ];
    for (const [host, message] of bad) {
        it(`refuses ${host}`, () => {
            const [reason, ...others] = refused(host);
            assert.deepEqual(others, []);
            assert.match(reason, message);
        });
    }

    for (const host of ["*.blob.core.windows.net", "*.servicebus.windows.net", "*.github.io"]) {
        it(`refuses ${host}, where strangers have names, unless that is accepted`, () => {
            assert.match(refused(host)[0], /other people's names.*sharedDomain: true/);
            assert.deepEqual(refused(host, true), []);
        });
    }

    it("accepts no public suffix, whatever is said of shared domains", () => {
        assert.match(refused("*.co.uk", true)[0], /whole public suffix/);
    });
});
