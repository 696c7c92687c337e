import assert from "node:assert/strict";
import fc from "fast-check";
import { Admission, boundByLabel } from "../../../../../plan/egress/lockdown/admission";
import { configurationAdmission } from "../../../../../plan/egress/lockdown/configurationAdmission";
import { gatewayClaimAdmission } from "../../../../../plan/egress/lockdown/gatewayClaimAdmission";
import { hostClaimAdmission } from "../../../../../plan/egress/lockdown/hostClaimAdmission";
import { ALLOWED_ISTIO_KEYS, ISTIO_KEY_PATTERN } from "../../../../../plan/egress/lockdown/istioKeys";
import { kindAdmission } from "../../../../../plan/egress/lockdown/kindAdmission";
import { lockedByLabel } from "../../../../../plan/egress/lockdown/namespaceLabels";
import { startAdmission } from "../../../../../plan/egress/lockdown/startAdmission";
import { workloadAdmission } from "../../../../../plan/egress/lockdown/workloadAdmission";
import { label } from "../../../../support/arbitraries";

const GATEWAY = { name: "door", namespace: "egress" };

const RULES = {
    imageRegistries: ["registry.example"],
    images: [],
    proxyImages: ["registry.example/proxyv2"],
    allowedAnnotations: [],
    allowedResources: [],
    allowedRuntimeClasses: [],
};
const KINDS = { gateway: GATEWAY, meshNamespace: "mesh-root", allowedKinds: [] };

function selector({ binding }: Admission) {
    return binding.spec.matchResources.namespaceSelector.matchExpressions![0];
}

function lockedPolicies(namespaces: string[]): Admission[] {
    return [
        workloadAdmission("x", namespaces, RULES),
        startAdmission("x", namespaces),
        kindAdmission("x", namespaces, KINDS),
        configurationAdmission("x", namespaces, GATEWAY, { serviceTypes: [] }),
    ];
}

describe("the admission policies of a lockdown", () => {
    it("hold in the locked namespaces, or everywhere but beside the gateway", () => {
        fc.assert(
            fc.property(fc.uniqueArray(label(), { minLength: 1 }), (namespaces) => {
                for (const one of lockedPolicies(namespaces)) {
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
            ...lockedPolicies(["a"]),
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
            workloadAdmission("x", ["a"], RULES).policy.spec.matchConditions?.some(({ expression }) =>
                expression.includes("authorizer"),
            ),
            false,
        );
        for (const { policy } of [
            configurationAdmission("x", ["a"], GATEWAY, { serviceTypes: [] }),
            kindAdmission("x", ["a"], KINDS),
            hostClaimAdmission("x", GATEWAY),
        ]) {
            assert.match(policy.spec.matchConditions?.[0].expression ?? "", /namespace\("egress"\)\.name\("door"\)/);
        }
    });

    it("take the hosts from the ServiceEntries beside the gateway", () => {
        const { binding, policy } = hostClaimAdmission("x", GATEWAY);
        assert.deepEqual(policy.spec.paramKind, { apiVersion: "networking.istio.io/v1", kind: "ServiceEntry" });
        assert.equal(binding.spec.paramRef?.namespace, "egress");
    });

    it("compare images with whole names only", () => {
        const [sidecars, apps] = workloadAdmission("x", ["a"], RULES).policy.spec.validations.filter(({ expression }) =>
            expression.includes("c.image"),
        );
        assert.ok(sidecars.expression.includes('["registry.example/proxyv2:","registry.example/proxyv2@"]'));
        assert.ok(apps.expression.includes('["registry.example/","registry.example:","registry.example@"]'));
    });

    it("hold by a label as well, before a list names the namespace and after", () => {
        for (const { binding } of lockedPolicies(["a"])) {
            const labelled = boundByLabel(binding, lockedByLabel("lock"));
            assert.deepEqual(labelled.spec.matchResources, {
                namespaceSelector: { matchLabels: { "mesh-egress/lockdown-by": "lock" } },
            });
            assert.deepEqual({ ...labelled.spec, matchResources: 0 }, { ...binding.spec, matchResources: 0 });
            assert.notEqual(labelled.metadata.name, binding.metadata.name);
        }
    });

    it("let no pod start without the namespace's own Sidecar", () => {
        const { policy, binding } = startAdmission("x", ["a"]);
        assert.deepEqual(policy.spec.paramKind, { apiVersion: "networking.istio.io/v1", kind: "Sidecar" });
        assert.deepEqual(binding.spec.paramRef, { name: "egress-lockdown", parameterNotFoundAction: "Deny" });
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
