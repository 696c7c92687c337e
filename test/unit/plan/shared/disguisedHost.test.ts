import assert from "node:assert/strict";
import { domainToASCII } from "node:url";
import fc from "fast-check";
import { validateDisguisedHost, validateDisguisedHosts } from "../../../../plan/shared/disguisedHost";
import { explain } from "../../../../plan/shared/violation";

const refused = (host: string) => validateDisguisedHost("hosts[0]", host).map(explain);
const byte = fc.integer({ min: 0, max: 255 });
const words = fc.constantFrom("", "app.", "app-", "a.b.", "ec2-");

describe("hosts that are not what they look like", () => {
    it("are refused if they have an IPv4 address in them, with dots or hyphens, wherever it is", () => {
        fc.assert(
            fc.property(
                fc.array(byte, { minLength: 4, maxLength: 4 }),
                fc.constantFrom(".", "-"),
                words,
                (bytes, join, before) => {
                    const host = `${before}${bytes.join(join)}.partner.example`;
                    assert.match(refused(host)[0] ?? host, /has the IP address .*disguisedHosts: true/);
                },
            ),
        );
    });

    for (const host of [
        "nip.io",
        "127.0.0.1.nip.io",
        "7f000001.nip.io",
        "*.nip.io",
        "*.10.0.0.1.sslip.io",
        "app-10-0-0-1.sslip.io",
        "10-0-0-1.SSLIP.io.",
        "--1.sslip.io",
        "localtest.me",
        "a.b.lvh.me",
        "7f000001.c0a80001.rbndr.us",
        "ip-10-0-0-1.eu-west-1.compute.example",
        "2001-db8--1.partner.example",
        "fd00-0-0-0-0-0-0-1.partner.example",
        "999-10-0-0-1.partner.example",
    ]) {
        it(`are refused as an address: ${host}`, () => {
            assert.equal(refused(host).length, 1);
            assert.match(refused(host)[0], /IP address|whose servers answer/);
        });
    }

    for (const shown of [
        "\u0430pple.example",
        "\u0430\u0440\u0440\u04cf\u0435.example",
        "api.p\u0430rtner.example",
        "\u03b1pi.example",
        "\u03bf\u03bd\u03b1.example",
        "partner-\u0131nc.example",
        "p\u0251rtner.example",
        "\u0430\u03b1.example",
    ]) {
        const host = domainToASCII(shown);
        it(`are refused as another name: ${host}`, () => {
            assert.match(host, /xn--/);
            assert.match(refused(host)[0] ?? "", /is shown as .*(more than one script|look like others)/);
            assert.match(refused(`*.${host}`)[0] ?? "", /is shown as/);
        });
    }

    it("are refused if a part stands for no name", () => {
        assert.match(refused("xn--99zzzzzzzzz.example")[0], /stands for no name/);
    });

    for (const host of [
        "api.partner.example",
        "*.partner.example",
        "api-v1-2-3.partner.example",
        "api-2026-11-26-1.partner.example",
        "s3.eu-west-1.partner.example",
        "deadbeef.partner.example",
        "a-b-c.partner.example",
        "preview-1--site.partner.example",
        "nip.io.partner.example",
        "snip.io",
        "1-2-3.partner.example",
        "300-1-2-3.partner.example",
        ...[
            "m\u00fcnchen.example",
            "\u0444\u0438\u0440\u043c\u0430.example",
            "\u4f8b\u3048.example",
            "\u05d0\u05d1.example",
        ].map((shown) => domainToASCII(shown)),
    ]) {
        it(`are not: ${host}`, () => assert.deepEqual(refused(host), []));
    }

    it("may be accepted", () => {
        assert.deepEqual(validateDisguisedHosts("hosts", ["10-0-0-1.sslip.io"], true), []);
        assert.equal(validateDisguisedHosts("hosts", ["a.example", "10-0-0-1.sslip.io"], false)[0].path, "hosts[1]");
    });
});
