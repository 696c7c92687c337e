import assert from "node:assert/strict";
import { changesOf } from "../../../report/changes";
import { exposures } from "../../../report/exposure";
import { Fields } from "../../../report/safe";
import { step, urn } from "../../support/previewSteps";

/** What one resource's change opens or closes, as its effect and text. */
function seen(op: string, type: string, before?: Fields, after?: Fields): string[] {
    return exposures(changesOf([step(op, urn(type, "it"), before, after)]))
        .filter(({ name }) => name === "it")
        .map(({ effect, text }) => `${effect}: ${text}`);
}

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const ADDRESS = "azure-native:network:PublicIPAddress";
const SERVICE = "kubernetes:core/v1:Service";
const MESH = "kubernetes:helm.sh/v3:Release";

describe("exposures", () => {
    const LOCK = { spec: { policyTypes: ["Egress"], egress: [] } };

    it("a guard closes when it is made and opens when it goes; a door the other way round", () => {
        assert.deepEqual(seen("create", POLICY, undefined, LOCK), ["closed: network policy created"]);
        assert.deepEqual(seen("delete", POLICY, LOCK), ["opened: network policy deleted"]);
        assert.deepEqual(seen("create", ADDRESS, undefined, {}), ["opened: public address created"]);
        assert.deepEqual(seen("delete", ADDRESS, {}), ["closed: public address deleted"]);
    });

    it("a guard or door that changes is to be looked at, and one that stays is not told", () => {
        assert.deepEqual(seen("update", POLICY, LOCK, { spec: { ...LOCK.spec, podSelector: {} } }), [
            "to be looked at: network policy updated",
        ]);
        assert.deepEqual(seen("replace", ADDRESS, {}, {}), ["to be looked at: public address replaced"]);
        assert.deepEqual(seen("same", POLICY, {}, {}), []);
    });

    it("a mesh that no longer refuses undeclared hosts opens, also when it is deleted", () => {
        const mode = (value: string) => ({ values: { meshConfig: { outboundTrafficPolicy: { mode: value } } } });
        const [closed, open] = [mode("REGISTRY_ONLY"), mode("ALLOW_ANY")];
        assert.deepEqual(seen("update", MESH, closed, open), ["opened: hosts that nobody declared: not refused"]);
        assert.deepEqual(seen("update", MESH, open, closed), ["closed: hosts that nobody declared: refused"]);
        assert.deepEqual(seen("delete", MESH, closed), ["opened: hosts that nobody declared: not refused"]);
        assert.match(seen("update", MESH, closed, { ...closed, version: "2" })[0], /^not judged/);
    });

    it("a service opens when it gets a type that can be called from outside", () => {
        const type = (value: string) => ({ spec: { type: value } });
        const [inside, outside] = [type("ClusterIP"), type("LoadBalancer")];
        assert.deepEqual(seen("create", SERVICE, undefined, outside), ["opened: service of type LoadBalancer"]);
        assert.deepEqual(seen("update", SERVICE, outside, inside), ["closed: no more: service of type LoadBalancer"]);
        assert.deepEqual(seen("create", SERVICE, undefined, inside), []);
    });

    it("what opens comes first", () => {
        const changes = changesOf([
            step("create", urn(POLICY, "a"), undefined, LOCK),
            step("create", urn(ADDRESS, "b"), undefined, {}),
        ]);
        assert.deepEqual(
            exposures(changes).map(({ effect }) => effect),
            ["opened", "closed"],
        );
    });

    const OPENING: [what: string, type: string, inputs: Fields, text: RegExp][] = [
        [
            "a policy that allows all egress",
            POLICY,
            { spec: { policyTypes: ["Egress"], egress: [{}] } },
            /every address/,
        ],
        [
            "one that does so in halves",
            POLICY,
            {
                spec: {
                    policyTypes: ["Egress"],
                    egress: [{ to: ["0.0.0.0/1", "128.0.0.0/1"].map((cidr) => ({ ipBlock: { cidr } })) }],
                },
            },
            /every address/,
        ],
        [
            "one that lets pods call every pod of the cluster",
            POLICY,
            {
                spec: {
                    policyTypes: ["Egress"],
                    egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }],
                },
            },
            /every pod of the cluster/,
        ],
        [
            "a policy that lets anyone call",
            "kubernetes:security.istio.io/v1:AuthorizationPolicy",
            { spec: { rules: [{}] } },
            /anyone/,
        ],
        [
            "one for every principal, in another version",
            "kubernetes:security.istio.io/v1beta1:AuthorizationPolicy",
            { spec: { rules: [{ from: [{ source: { principals: ["*"] } }] }] } },
            /anyone/,
        ],
        [
            "an entry for every host",
            "kubernetes:networking.istio.io/v1:ServiceEntry",
            { spec: { hosts: ["*"] } },
            /every host/,
        ],
        [
            "an entry for the metadata service",
            "kubernetes:networking.istio.io/v1:ServiceEntry",
            { spec: { hosts: ["a.example"], endpoints: [{ address: "169.254.169.254" }] } },
            /internal address/,
        ],
        [
            "an unverified server",
            "kubernetes:networking.istio.io/v1:DestinationRule",
            {
                spec: {
                    host: "a.example",
                    trafficPolicy: { portLevelSettings: [{ tls: { insecureSkipVerify: true } }] },
                },
            },
            /not verified/,
        ],
        [
            "a scope that passes all on",
            "kubernetes:networking.istio.io/v1:Sidecar",
            { spec: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } } },
            /undeclared/,
        ],
        [
            "cluster-admin",
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
            { roleRef: { name: "cluster-admin" }, subjects: [{ name: "x" }] },
            /cluster-admin/,
        ],
        [
            "the node's network",
            "kubernetes:apps/v1:Deployment",
            { spec: { template: { spec: { hostNetwork: true } } } },
            /node's/,
        ],
        ["external addresses", SERVICE, { spec: { externalIPs: ["203.0.113.1"] } }, /external addresses/],
    ];
    for (const [what, type, inputs, text] of OPENING) {
        it(`${what} opens when it is made and closes when it goes`, () => {
            const [made, ...others] = seen("create", type, undefined, inputs);
            assert.match(made, /^opened: /);
            assert.match(made, text);
            assert.deepEqual(others, []);
            assert.match(seen("delete", type, inputs)[0], /^closed: no more: /);
            assert.deepEqual(seen("same", type, inputs, inputs), []);
        });
    }

    it("the gateway's deny-by-default opens when it goes", () => {
        const policy = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
        assert.deepEqual(seen("delete", policy, { spec: { action: "ALLOW" } }), [
            "opened: policy that refuses callers deleted",
        ]);
    });

    it("what nobody judged is never told as closed", () => {
        for (const type of [
            "kubernetes:networking.istio.io/v1alpha3:EnvoyFilter",
            "kubernetes:x.example/v1:Thing",
            "a:b:C",
        ]) {
            for (const op of ["create", "update", "delete"]) {
                const [text, ...others] = seen(
                    op,
                    type,
                    op === "create" ? undefined : {},
                    op === "delete" ? undefined : {},
                );
                assert.match(text, /^not judged: /, type);
                assert.deepEqual(others, []);
            }
        }
        assert.match(seen("create", POLICY, undefined, { spec: { policyTypes: ["Ingress"] } })[0], /^not judged/);
        assert.deepEqual(seen("create", "kubernetes:core/v1:Namespace", undefined, {}), []);
    });
});
