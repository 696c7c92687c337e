import assert from "node:assert/strict";
import fc from "fast-check";
import { Admission } from "../../../../../plan/egress/lockdown/admission";
import { configurationAdmission } from "../../../../../plan/egress/lockdown/configurationAdmission";
import { gatewayClaimAdmission } from "../../../../../plan/egress/lockdown/gatewayClaimAdmission";
import { hostClaimAdmission } from "../../../../../plan/egress/lockdown/hostClaimAdmission";
import { ALLOWED_ISTIO_KEYS, ISTIO_KEY_PATTERN } from "../../../../../plan/egress/lockdown/istioKeys";
import { workloadAdmission } from "../../../../../plan/egress/lockdown/workloadAdmission";
import { label } from "../../../../support/arbitraries";

const GATEWAY = { name: "door", namespace: "egress" };

function selector({ binding }: Admission) {
    return binding.spec.matchResources.namespaceSelector.matchExpressions[0];
}

describe("the admission policies of a lockdown", () => {
    it("hold in the locked namespaces, or everywhere but beside the gateway", () => {
        fc.assert(
            fc.property(fc.uniqueArray(label(), { minLength: 1 }), (namespaces) => {
                for (const one of [
                    workloadAdmission("x", namespaces, []),
                    configurationAdmission("x", namespaces, GATEWAY),
                ]) {
                    assert.deepEqual(selector(one), {
                        key: "kubernetes.io/metadata.name",
                        operator: "In",
                        values: namespaces,
                    });
                }
            }),
        );
        for (const one of [hostClaimAdmission("x", GATEWAY), gatewayClaimAdmission("x", GATEWAY)]) {
            assert.deepEqual([selector(one).operator, selector(one).values], ["NotIn", ["egress"]]);
        }
    });

    it("deny, and deny where they cannot be evaluated", () => {
        for (const { policy, binding } of [
            workloadAdmission("x", ["a"], []),
            configurationAdmission("x", ["a"], GATEWAY),
            hostClaimAdmission("x", GATEWAY),
            gatewayClaimAdmission("x", GATEWAY),
        ]) {
            assert.equal(policy.spec.failurePolicy, "Fail");
            assert.deepEqual(binding.spec.validationActions, ["Deny"]);
            assert.equal(binding.spec.policyName, policy.metadata.name);
            for (const { message } of policy.spec.validations) {
                assert.match(message, /: /, "a message says what to do after what is wrong");
            }
        }
    });

    it("exempt administrators of the gateway from all but the rules for workloads", () => {
        assert.equal(
            workloadAdmission("x", ["a"], []).policy.spec.matchConditions?.some(({ expression }) =>
                expression.includes("authorizer"),
            ),
            false,
        );
        for (const { policy } of [configurationAdmission("x", ["a"], GATEWAY), hostClaimAdmission("x", GATEWAY)]) {
            assert.match(policy.spec.matchConditions?.[0].expression ?? "", /namespace\("egress"\)\.name\("door"\)/);
        }
    });

    it("take the hosts from the ServiceEntries beside the gateway", () => {
        const { binding, policy } = hostClaimAdmission("x", GATEWAY);
        assert.deepEqual(policy.spec.paramKind, { apiVersion: "networking.istio.io/v1", kind: "ServiceEntry" });
        assert.equal(binding.spec.paramRef?.namespace, "egress");
    });

    it("compare the sidecar's image with whole names only", () => {
        const [{ expression }] = workloadAdmission(
            "x",
            ["a"],
            ["registry.example/proxyv2"],
        ).policy.spec.validations.filter((validation) => validation.expression.includes("c.image"));
        assert.ok(expression.includes('["registry.example/proxyv2:","registry.example/proxyv2@"]'), expression);
    });
});

describe("the keys of Istio", () => {
    const isIstio = (key: string) => new RegExp(ISTIO_KEY_PATTERN).test(key);
    const passes = (key: string, value: string) =>
        !isIstio(key) || (key in ALLOWED_ISTIO_KEYS && new RegExp(ALLOWED_ISTIO_KEYS[key]).test(value));

    it("are told by their domain", () => {
        for (const key of ["istio.io/rev", "sidecar.istio.io/inject", "a.b.istio.io/x"]) {
            assert.ok(isIstio(key), key);
        }
        for (const key of ["not-istio.io/x", "istio.io.example/x", "app", "example.com/istio.io"]) {
            assert.ok(!isIstio(key), key);
        }
    });

    it("pass with what istiod writes, and without spaces or line ends", () => {
        assert.ok(passes("traffic.sidecar.istio.io/excludeInboundPorts", "15090,15021,15020"));
        assert.ok(passes("sidecar.istio.io/proxyCPU", "100m"));
        fc.assert(
            fc.property(fc.constantFrom(...Object.keys(ALLOWED_ISTIO_KEYS)), fc.string(), (key, value) => {
                assert.ok(!passes(key, `${value} x`));
                assert.ok(!passes(key, `${value}\nx`));
            }),
        );
    });

    it("are refused where nobody has said that they do no harm", () => {
        fc.assert(fc.property(label(), (name) => assert.ok(!passes(`${name}.istio.io/${name}`, "x"))));
    });
});
