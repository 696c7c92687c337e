import assert from "node:assert/strict";
import fc from "fast-check";
import { review } from "../../../../review";
import { RawObject, objectRef } from "../../../../review/rawObject";
import { serviceEntry, told, toldBy } from "../../../support/objects";
import { REFUSED_CASES } from "../../../support/refusedCases";
import { ruleEdges } from "../../../support/ruleEdges";

const AT = (path: string) => `ServiceEntry app/partner ${path}`;
const refused = toldBy("refused-by-istio");
const HOST = "api.partner.example";

ruleEdges("refused-by-istio", {
    finds: {
        "a port that there is not": [
            (page) =>
                page.with("ServiceEntry", "spec.hosts", [HOST]).with("ServiceEntry", "spec.ports[0].number", 70000),
            AT("spec.ports[0].number"),
        ],
        "endpoints with resolution NONE": [
            (page) =>
                page
                    .with("ServiceEntry", "spec.resolution", "NONE")
                    .with("ServiceEntry", "spec.endpoints", [{ address: "203.0.113.7" }]),
            AT("spec.endpoints"),
        ],
        "a resolution that there is not": [
            (page) => page.with("ServiceEntry", "spec.hosts", [HOST]).with("ServiceEntry", "spec.resolution", "dns"),
            AT("spec.resolution"),
        ],
        "a resolution that is a word of JavaScript's": [
            (page) =>
                page.with("ServiceEntry", "spec.hosts", [HOST]).with("ServiceEntry", "spec.resolution", "constructor"),
            AT("spec.resolution"),
        ],
    },
    takes: {
        "hosts by name": (page) => page.with("ServiceEntry", "spec.hosts", [HOST]),
        "a wildcard with resolution NONE": (page) => page.with("ServiceEntry", "spec.resolution", "NONE"),
        "a wildcard with resolution DYNAMIC_DNS": (page) => page.with("ServiceEntry", "spec.resolution", "DYNAMIC_DNS"),
    },
});

describe("refused-by-istio, by kind", () => {
    for (const { what, sound, broken, path } of REFUSED_CASES) {
        it(`finds ${what}`, () => {
            const { namespace, name } = objectRef(broken);
            assert.deepEqual(refused([broken]), [`refused-by-istio ${broken.kind} ${namespace}/${name} ${path}`]);
            assert.deepEqual(refused([sound]), []);
        });
    }

    it("says nothing of what a preview does not know yet", () => {
        for (const { sound } of REFUSED_CASES) {
            assert.deepEqual(refused([unknownLeaves(sound)]), []);
        }
    });

    it("names the API server where it refuses a port in quotes", () => {
        const { findings } = review([
            serviceEntry("app/a", [HOST], [{ number: "443", name: "tls", protocol: "TLS" }], { resolution: "DNS" }),
        ]);
        assert.match(findings[0].message, /so the API server refuses it/);
    });

    it("takes a list of callers or operations that is empty, as istioctl does", () => {
        const policy = (rule: object) => ({
            apiVersion: "security.istio.io/v1",
            kind: "AuthorizationPolicy",
            metadata: { name: "a", namespace: "app" },
            spec: { rules: [rule] },
        });
        assert.deepEqual(refused([policy({ to: [] }), policy({ from: [] })]), []);
    });

    it("takes every host that is a DNS name, and none with a character that names do not have", () => {
        const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
        const name = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => labels.join("."));
        const entry = (host: string) =>
            serviceEntry("app/a", [host], [{ number: 443, name: "tls", protocol: "TLS" }], { resolution: "DNS" });
        fc.assert(
            fc.property(name, fc.constantFrom("_", "/", ":", " ", "..", "%"), (host, sign) => {
                assert.deepEqual(refused([entry(host)]), []);
                assert.ok(told([entry(`${host}${sign}a`)]).some((line) => line.startsWith("refused-by-istio ")));
            }),
        );
    });
});

/** The same object as a preview has it where every value of its spec comes from somewhere else. */
function unknownLeaves({ spec, ...rest }: RawObject): RawObject {
    const hidden = (value: unknown): unknown =>
        Array.isArray(value)
            ? value.map(hidden)
            : typeof value === "object" && value !== null
              ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]))
              : Symbol("unknown");
    return { ...rest, spec: hidden(spec) };
}
