import assert from "node:assert/strict";
import { toldBy, virtualService } from "../../../support/objects";

const told = toldBy("duplicate-match");
const HOST = "api.partner.example";
const route = [{ destination: { host: HOST, port: { number: 80 } } }];
const toldOf = (first: object, second: object, kind = "http") =>
    told([
        virtualService("app/partner", [HOST], [], {
            [kind]: [
                { ...first, route },
                { ...second, route },
            ],
        }),
    ]);
const at = (path: string) => [`duplicate-match VirtualService app/partner ${path}`];

describe("duplicate-match", () => {
    it("finds a route after one without a match", () => {
        assert.deepEqual(toldOf({}, { match: [{ port: 80 }] }), at("spec.http[1].match[0]"));
        assert.deepEqual(toldOf({}, {}), at("spec.http[1]"));
    });

    it("finds a route after one for the prefix of every path", () => {
        const all = { match: [{ name: "all", uri: { prefix: "/" } }] };
        assert.deepEqual(toldOf(all, { match: [{ uri: { prefix: "/v2" } }] }), at("spec.http[1].match[0]"));
        assert.deepEqual(toldOf(all, {}), at("spec.http[1]"));
    });

    it("finds the same condition twice, in whatever order and under whatever name", () => {
        const one = { match: [{ port: 443, sniHosts: [HOST] }] };
        assert.deepEqual(toldOf(one, { match: [{ sniHosts: [HOST], port: 443 }] }, "tls"), at("spec.tls[1].match[0]"));
        assert.deepEqual(
            toldOf({ match: [{ name: "a", port: 80 }] }, { match: [{ name: "b", port: 80 }] }),
            at("spec.http[1].match[0]"),
        );
    });

    it("takes other values of a header, a query's parameter or a label that is called name", () => {
        for (const field of ["headers", "queryParams", "sourceLabels"]) {
            const asking = (value: string) => ({ match: [{ [field]: { name: value } }] });
            assert.deepEqual(toldOf(asking("a"), asking("b")), []);
            assert.deepEqual(toldOf(asking("a"), asking("a")), at("spec.http[1].match[0]"));
        }
    });

    it("takes a narrow route before a wide one, and prefixes that ask for more", () => {
        const wide = { match: [{ uri: { prefix: "/" } }] };
        assert.deepEqual(toldOf({ match: [{ uri: { prefix: "/v2" } }] }, wide), []);
        assert.deepEqual(toldOf({ match: [{ uri: { prefix: "/" }, port: 80 }] }, wide), []);
        assert.deepEqual(toldOf({ match: [{ uri: { prefix: "/" }, gateways: ["egress"] }] }, wide), []);
        assert.deepEqual(toldOf({ match: [{ uri: { exact: "/" } }] }, wide), []);
        assert.deepEqual(toldOf({ match: [{ port: 80 }] }, {}), []);
    });
});
