import assert from "node:assert/strict";
import fc from "fast-check";
import { RawObject } from "../../../../review/rawObject";
import { review } from "../../../../review";
import { gateway, server, toldBy } from "../../../support/objects";

const told = toldBy("open-egress");

function policy(apiVersion: string, kind: string, spec: object, rest = {}): RawObject {
    return { apiVersion, kind, metadata: { namespace: "app", name: "out" }, spec, ...rest };
}
const kubernetes = (egress: unknown[], rest = {}) =>
    policy("networking.k8s.io/v1", "NetworkPolicy", { podSelector: {}, policyTypes: ["Egress"], egress, ...rest });
const cilium = (rule: object, rest = {}, kind = "CiliumNetworkPolicy") =>
    policy("cilium.io/v2", kind, { endpointSelector: {}, egress: [rule], ...rest });
const calico = (egress: object[], rest = {}, kind = "NetworkPolicy", version = "projectcalico.org/v3") =>
    policy(version, kind, { types: ["Egress"], egress, ...rest });
const admin = (egress: object[], rest = {}) =>
    policy("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", {
        priority: 50,
        subject: { namespaces: {} },
        egress,
        ...rest,
    });
const cluster = (tier: string, egress: object[]) =>
    policy("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", {
        tier,
        priority: 50,
        subject: { namespaces: {} },
        egress,
    });

const deployment = (name: string, labels: object): RawObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "app", name },
    spec: { template: { metadata: { labels } } },
});

const ALL = "0.0.0.0/0";
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const block = (cidr: string, except?: string[]) => ({ ipBlock: { cidr, ...(except && { except }) } });
const ports = (...numbers: string[]) => [{ ports: numbers.map((port) => ({ port, protocol: "TCP" })) }];
const allow = (destination?: object, rest = {}) => ({ action: "Allow", ...(destination && { destination }), ...rest });

const EGRESS_GATEWAY = { matchLabels: { istio: "egressgateway" } };

const bad: Record<string, [RawObject, string]> = {
    "a rule without peers": [kubernetes([{}]), "spec.egress[0].to"],
    "a rule for a port of every address": [kubernetes([{ ports: [{ port: 53 }, { port: 443 }] }]), "spec.egress[0].to"],
    "a range of ports that begins with DNS": [
        kubernetes([{ ports: [{ port: 53, endPort: 65535 }] }]),
        "spec.egress[0].to",
    ],
    "every address but private ones": [
        kubernetes([{ to: [block(ALL, [...PRIVATE, "169.254.169.254/32"])] }]),
        "spec.egress[0].to[0].ipBlock.cidr",
    ],
    "every address in two halves": [
        kubernetes([{ to: [block("0.0.0.0/1"), block("128.0.0.0/1")] }]),
        "spec.egress[0].to[0].ipBlock.cidr",
    ],
    "all of IPv6": [kubernetes([{ to: [block("2000::/3")] }]), "spec.egress[0].to[0].ipBlock.cidr"],
    "a policy without types": [kubernetes([{}], { policyTypes: undefined }), "spec.egress[0].to"],
    "Cilium: the entity world": [cilium({ toEntities: ["cluster", "world"] }), "spec.egress[0].toEntities[1]"],
    "Cilium: the entity all": [cilium({ toEntities: ["all"], toPorts: ports("443") }), "spec.egress[0].toEntities[0]"],
    "Cilium: ports of every address": [cilium({ toPorts: ports("443") }), "spec.egress[0].toPorts"],
    "Cilium: a range": [cilium({ toCIDR: [ALL] }), "spec.egress[0].toCIDR[0]"],
    "Cilium: a range without private ones": [
        cilium({ toCIDRSet: [{ cidr: ALL, except: PRIVATE }] }),
        "spec.egress[0].toCIDRSet[0].cidr",
    ],
    "Cilium: every name": [cilium({ toFQDNs: [{ matchPattern: "*" }] }), "spec.egress[0].toFQDNs[0].matchPattern"],
    "Cilium: the port 0, which is every port": [
        cilium({ toEntities: ["world"], toPorts: ports("0") }),
        "spec.egress[0].toEntities[0]",
    ],
    "Cilium: a policy of the cluster": [
        cilium({ toEntities: ["world"] }, {}, "CiliumClusterwideNetworkPolicy"),
        "spec.egress[0].toEntities[0]",
    ],
    "Cilium: several specs": [
        policy(
            "cilium.io/v2",
            "CiliumNetworkPolicy",
            {},
            {
                specs: [{ endpointSelector: {} }, { endpointSelector: {}, egress: [{ toEntities: ["world"] }] }],
            },
        ),
        "specs[1].egress[0].toEntities[0]",
    ],
    "Calico: no destination": [calico([allow()]), "spec.egress[0].destination"],
    "Calico: a port": [
        calico([allow({ ports: [443, "8000:9000"] }, { protocol: "TCP" })]),
        "spec.egress[0].destination",
    ],
    "Calico: a range": [calico([allow({ nets: [ALL] })]), "spec.egress[0].destination.nets[0]"],
    "Calico: everything but private ranges": [
        calico([allow({ notNets: PRIVATE })]),
        "spec.egress[0].destination.notNets",
    ],
    "Calico: a Deny of something else before": [
        calico([{ action: "Deny", destination: { nets: ["169.254.169.254/32"] } }, allow()]),
        "spec.egress[1].destination",
    ],
    "Calico: a global policy of the API's own group": [
        calico([allow()], { selector: "all()" }, "GlobalNetworkPolicy", "crd.projectcalico.org/v1"),
        "spec.egress[0].destination",
    ],
    "AdminNetworkPolicy: a range": [
        admin([{ action: "Allow", to: [{ networks: ["10.0.0.0/8", ALL] }] }]),
        "spec.egress[0].to[0].networks[1]",
    ],
    "ClusterNetworkPolicy: a range with a port": [
        cluster("Admin", [
            { action: "Accept", to: [{ networks: [ALL] }], protocols: [{ tcp: { destinationPort: { number: 443 } } }] },
        ]),
        "spec.egress[0].to[0].networks[0]",
    ],
};

const good: Record<string, RawObject> = {
    "a policy for ingress only": kubernetes([{}], { policyTypes: ["Ingress"] }),
    "private ranges": kubernetes([{ to: [block("10.0.0.0/8")] }]),
    "peers by labels": kubernetes([{ to: [{ namespaceSelector: {} }] }]),
    "DNS, wherever the resolver is": kubernetes([{ ports: [{ port: 53, protocol: "UDP" }, { port: "dns-tcp" }] }]),
    "DNS and istiod": kubernetes([{ ports: [{ port: 53 }, { port: 15012 }] }]),
    "every address excepted": kubernetes([{ to: [block(ALL, ["0.0.0.0/1", "128.0.0.0/1"])] }]),
    "the gateway's own pods": kubernetes([{ to: [block(ALL)] }], { podSelector: EGRESS_GATEWAY }),
    "the gateway's own pods, by an expression": kubernetes([{ to: [block(ALL)] }], {
        podSelector: {
            matchExpressions: [{ key: "istio", operator: "In", values: ["egressgateway", "ingressgateway"] }],
        },
    }),
    "Cilium: an empty rule, which allows nothing": cilium({}),
    "Cilium: the cluster": cilium({ toEntities: ["cluster", "host", "kube-apiserver"] }),
    "Cilium: pods": cilium({ toEndpoints: [{}], toPorts: ports("443") }),
    "Cilium: names": cilium({ toFQDNs: [{ matchName: "api.partner.example" }, { matchPattern: "*.partner.example" }] }),
    "Cilium: DNS with its rules": cilium({
        toEndpoints: [{ matchLabels: { "k8s:k8s-app": "kube-dns" } }],
        toPorts: [{ ports: [{ port: "53", protocol: "ANY" }], rules: { dns: [{ matchPattern: "*" }] } }],
    }),
    "Cilium: DNS of every address": cilium({ toEntities: ["world"], toPorts: ports("53") }),
    "Cilium: what is denied": policy("cilium.io/v2", "CiliumNetworkPolicy", {
        endpointSelector: {},
        egressDeny: [{ toEntities: ["world"] }],
    }),
    "Cilium: the gateway's own pods": cilium(
        { toEntities: ["world"] },
        {
            endpointSelector: {
                matchLabels: { "k8s:istio": "egressgateway", "k8s:io.kubernetes.pod.namespace": "mesh" },
            },
        },
        "CiliumClusterwideNetworkPolicy",
    ),
    "Calico: endpoints by a selector": calico([allow({ selector: "all()" })]),
    "Calico: endpoints of namespaces": calico([allow({ namespaceSelector: "all()", ports: [443] })]),
    "Calico: DNS": calico([allow({ ports: [53] }, { protocol: "UDP" })]),
    "Calico: a Deny of everything before": calico([{ action: "Deny" }, allow()]),
    "Calico: what is denied, logged or passed on": calico([{ action: "Log" }, { action: "Pass" }, { action: "Deny" }]),
    "Calico: ingress only": calico([allow()], { types: ["Ingress"] }),
    "Calico: a staged policy": calico([allow()], {}, "StagedNetworkPolicy"),
    "Calico: the gateway's own pods": calico([allow()], { selector: "istio == 'egressgateway' && has(app)" }),
    "Calico: one of several gateways": calico([allow()], {
        selector: 'istio in {"egressgateway", "egress-gateway-eu"}',
    }),
    "AdminNetworkPolicy: namespaces": admin([{ action: "Allow", to: [{ namespaces: {} }] }]),
    "AdminNetworkPolicy: what is denied or passed on": admin([
        { action: "Deny", to: [{ networks: [ALL] }] },
        { action: "Pass", to: [{ networks: [ALL] }] },
    ]),
    "AdminNetworkPolicy: DNS": admin([
        { action: "Allow", to: [{ networks: [ALL] }], ports: [{ portNumber: { port: 53, protocol: "UDP" } }] },
    ]),
    "AdminNetworkPolicy: the gateway's own pods": admin([{ action: "Allow", to: [{ networks: [ALL] }] }], {
        subject: { pods: { namespaceSelector: {}, podSelector: EGRESS_GATEWAY } },
    }),
    "a baseline, which every NetworkPolicy overrides": cluster("Baseline", [
        { action: "Accept", to: [{ networks: [ALL] }] },
    ]),
};

describe("open-egress", () => {
    for (const [what, [object, path]] of Object.entries(bad)) {
        it(`finds ${what}`, () => {
            const all = told([object]).map((one) => one.split(" ").at(-1));
            assert.ok(all.includes(path), `found ${all.join(", ") || "nothing"}`);
        });
    }
    for (const [what, object] of Object.entries(good)) {
        it(`takes ${what}`, () => assert.deepEqual(told([object]), []));
    }

    it("finds every range that holds a public address, in each kind, and no private one", () => {
        const length = fc.integer({ min: 0, max: 4 });
        const open = length.map((bits) => `0.0.0.0/${bits}`);
        const closed = fc.constantFrom(...PRIVATE, "127.0.0.0/8", "169.254.0.0/16", "fd00::/8", "fe80::/10");
        const each = (cidr: string) => [
            kubernetes([{ to: [block(cidr)] }]),
            cilium({ toCIDR: [cidr] }),
            calico([allow({ nets: [cidr] })]),
            admin([{ action: "Allow", to: [{ networks: [cidr] }] }]),
        ];
        fc.assert(fc.property(open, (cidr) => each(cidr).every((object) => told([object]).length === 1)));
        fc.assert(fc.property(closed, (cidr) => each(cidr).every((object) => told([object]).length === 0)));
    });

    it("takes what a policy before it denies, in Calico and of administrators, and not what one after it does", () => {
        const open = calico([allow()], { order: 100 });
        const closed = (order: number, rest = {}) => ({
            ...calico([allow({ nets: ["10.0.0.0/8"] }), { action: "Deny" }], { order, ...rest }, "GlobalNetworkPolicy"),
            metadata: { name: "closed" },
        });
        assert.deepEqual(told([open, closed(50)]), []);
        assert.equal(told([open, closed(200)]).length, 1);
        assert.equal(told([open, closed(50, { selector: "app == 'other'" })]).length, 1);
        const before = admin([{ action: "Deny", to: [{ networks: [ALL] }] }], { priority: 1 });
        const after = admin([{ action: "Allow", to: [{ networks: [ALL] }] }], { priority: 2 });
        assert.deepEqual(told([before, { ...after, metadata: { name: "after" } }]), []);
    });

    it("takes a policy for all pods of a namespace that has the gateway's pods only", () => {
        const labels = { istio: "egress" };
        const shown = [
            gateway("app/egress", [server(443, "HTTPS", ["*"], "ISTIO_MUTUAL")]),
            deployment("egress", labels),
        ];
        const open = kubernetes([{ to: [block(ALL)] }]);
        assert.deepEqual(told([...shown, open]), []);
        assert.equal(told([...shown, deployment("billing", { app: "billing" }), open]).length, 1);
    });

    it("takes a policy that the options allow", () => {
        assert.deepEqual(told([kubernetes([{}])], { openPolicies: ["app/out"] }), []);
        assert.equal(told([kubernetes([{}])], { openPolicies: ["app/other"] }).length, 1);
    });

    it("names a kind of policy that it does not read as skipped", () => {
        const { findings, skipped } = review([policy("k8s.ovn.org/v1", "EgressFirewall", { egress: [] })]);
        assert.deepEqual(findings, []);
        assert.match(skipped.map(({ reason }) => reason).join(), /no rule reads/);
    });
});
