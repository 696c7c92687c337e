import assert from "node:assert/strict";
import fc from "fast-check";
import {
    hostLabel,
    hostObjectName,
    validateLabel,
    validateSecretName,
    validateServiceName,
} from "../../../../plan/shared/names";
import { anyHost, host, label, longHost, serviceName } from "../../../support/arbitraries";

const KUBERNETES_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

describe("hostObjectName", () => {
    it("reads like the host", () => {
        assert.equal(hostObjectName("api.my-partner.example"), "api-my--partner-example");
    });

    it("is a Kubernetes name for every host that is accepted", () => {
        fc.assert(
            fc.property(anyHost, (name) => {
                assert.match(hostObjectName(name), KUBERNETES_NAME);
                assert.ok(hostObjectName(name).length <= 253);
            }),
        );
    });

    it("keeps two hosts apart that differ in one character only", () => {
        // Dots and hyphens alone, because these are what the name is made of.
        const close = fc
            .array(fc.constantFrom("a", "a-a", "a--a"), { minLength: 2, maxLength: 5 })
            .map((labels) => labels.join("."));
        fc.assert(
            fc.property(close, close, (one, other) => {
                assert.equal(hostObjectName(one) === hostObjectName(other), one === other);
            }),
            { numRuns: 2000 },
        );
    });

    it("keeps any two hosts apart, long ones too", () => {
        const hyphens = ["a", "b"].map(
            (end) =>
                `${Array(4)
                    .fill(`a${"-".repeat(59)}a`)
                    .join(".")}.${end}`,
        );
        const any = fc.oneof(host, longHost, fc.constantFrom(...hyphens));
        fc.assert(
            fc.property(any, any, (one, other) => {
                assert.equal(hostObjectName(one) === hostObjectName(other), one === other);
            }),
        );
        assert.notEqual(hostObjectName(hyphens[0]), hostObjectName(hyphens[1]));
        assert.equal(hostObjectName(hyphens[0]).length, 253);
    });
});

describe("hostLabel", () => {
    it("is the object's name where that is short enough, and else a label of its own", () => {
        fc.assert(
            fc.property(anyHost, (name) => {
                assert.match(hostLabel(name), KUBERNETES_NAME);
                assert.ok(hostLabel(name).length <= 63);
                const whole = hostObjectName(name);
                assert.equal(hostLabel(name) === whole, whole.length <= 63);
            }),
        );
    });

    it("keeps long hosts apart that differ at their end", () => {
        fc.assert(
            fc.property(longHost, longHost, (one, other) => {
                const close = [`${"a".repeat(60)}.${one}`, `${"a".repeat(60)}.${other}`];
                assert.equal(hostLabel(close[0]) === hostLabel(close[1]), one === other);
            }),
        );
    });
});

describe("validateServiceName", () => {
    it("takes a label that begins with a letter, as Kubernetes wants it of services", () => {
        fc.assert(
            fc.property(serviceName, (name) => assert.deepEqual(validateServiceName("name", name, "a service"), [])),
        );
        for (const name of ["2", "2a", "", "-a", "A", "a".repeat(64)]) {
            const [violation] = validateServiceName("name", name, "a service");
            assert.equal(violation.value, name);
        }
    });
});

describe("validateLabel", () => {
    it("accepts every label", () => {
        fc.assert(fc.property(label(63), (name) => assert.deepEqual(validateLabel("x", name, "a namespace"), [])));
    });

    for (const name of ["", "A", "a.b", "-a", "a-", "a_b", "a".repeat(64), "a\n"]) {
        it(`refuses ${JSON.stringify(name)}, and says what for`, () => {
            const [violation] = validateLabel("namespace", name, "a namespace");
            assert.equal(violation.path, "namespace");
            assert.equal(violation.value, name);
            assert.equal(violation.problem, "is not a valid name for a namespace");
        });
    }
});

describe("validateSecretName", () => {
    it("accepts ordinary names", () => {
        for (const name of ["partner", "partner.client-1", "cacert", "partner-cacert-2"]) {
            assert.deepEqual(validateSecretName("secretName", name), []);
        }
    });

    it("refuses an ending that Istio reads as CA-only, and says which name would do", () => {
        const [violation] = validateSecretName("secretName", "partner-cacert");
        assert.equal(violation.path, "secretName");
        assert.match(violation.problem, /-cacert/);
        assert.equal(violation.fix, 'Name it "partner"');
        assert.equal(validateSecretName("secretName", "-cacert")[0].fix, 'Name it "partner-client"');
    });

    it("refuses what is no name of a secret", () => {
        for (const name of ["", "A", "a_b", "a..b", ".a", "a.", "a".repeat(254)]) {
            assert.match(validateSecretName("secretName", name)[0].problem, /not a valid name for a Kubernetes secret/);
        }
    });
});
