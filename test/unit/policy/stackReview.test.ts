import assert from "node:assert/strict";
import { UNKNOWN } from "../../../policy/known";
import { reviewStack } from "../../../policy/stackReview";
import { destinationRule } from "../../support/objects";

const HOST = "api.partner.example";
const rule = (tls: object) => destinationRule("gateways/partner", HOST, { mode: "SIMPLE", sni: HOST, ...tls }, {});
const found = (...args: Parameters<typeof reviewStack>) => reviewStack(...args).map((finding) => finding.rule);

describe("the review of a stack, asked once a rule", () => {
    it("is made once for the same objects, however often they are made anew", () => {
        assert.equal(reviewStack([rule({})], {}), reviewStack([rule({})], {}));
    });

    it("is made again when an object or the configuration is another", () => {
        assert.deepEqual(found([rule({})], {}), ["server-name-unchecked", "rule-without-host"]);
        assert.deepEqual(found([rule({ subjectAltNames: [HOST] })], {}), ["rule-without-host"]);
        const one = reviewStack([rule({})], {});
        assert.notEqual(reviewStack([rule({})], { rootNamespace: "mesh" }), one);
    });

    it("tells what is not known yet from what is not there", () => {
        const absent = reviewStack([rule({})], {});
        assert.notEqual(reviewStack([rule({ subjectAltNames: UNKNOWN })], {}), absent);
    });
});
