import assert from "node:assert/strict";
import fc from "fast-check";
import { callerNamespaces } from "../../plan/shared/caller";
import { ResolvedDestination } from "../../plan/egress/lockdown/options";
import { gatewayPolicy, lockedPolicy } from "../../plan/egress/lockdown/networkPolicies";
import { allowedNamespaces } from "../../plan/egress/lockdown/lockdown";
import { callers } from "../support/arbitraries";
import { Connection, End, evaluate } from "../support/cyclonus";
import { machine } from "../support/machine";

const PLACES = { gateway: { name: "door", namespace: "egress" }, meshNamespace: "mesh-root" };

const GATEWAY: End = { namespace: "egress", labels: { app: "door", istio: "door" } };
const ISTIOD: End = { namespace: "mesh-root", labels: { app: "istiod" } };
const DNS: End = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
const SERVER: End = { namespace: "servers", labels: { app: "server" } };
const PARTNER: End = { address: "203.0.113.7" };

/** Where somebody in a locked namespace could try to go. */
const ATTEMPTS: Record<string, Omit<Connection, "from">> = {
    "the gateway": { to: GATEWAY, protocol: "TCP", port: 8443 },
    "the gateway, with TLS of its own": { to: GATEWAY, protocol: "TCP", port: 15444 },
    "another port of the gateway": { to: GATEWAY, protocol: "TCP", port: 15000 },
    "the gateway by UDP": { to: GATEWAY, protocol: "UDP", port: 8443 },
    "another pod beside the gateway": { to: { namespace: "egress", labels: {} }, protocol: "TCP", port: 8443 },
    "a pod elsewhere with the gateway's labels": {
        to: { namespace: "servers", labels: { app: "door", istio: "door" } },
        protocol: "TCP",
        port: 8443,
    },
    DNS: { to: DNS, protocol: "UDP", port: 53 },
    "DNS by TCP": { to: DNS, protocol: "TCP", port: 53 },
    "another port of DNS": { to: DNS, protocol: "TCP", port: 9153 },
    "DNS outside": { to: { address: "203.0.113.53" }, protocol: "UDP", port: 53 },
    "DNS outside by TCP": { to: { address: "203.0.113.53" }, protocol: "TCP", port: 53 },
    istiod: { to: ISTIOD, protocol: "TCP", port: 15012 },
    "istiod without TLS": { to: ISTIOD, protocol: "TCP", port: 15010 },
    "another pod of the mesh": {
        to: { namespace: "mesh-root", labels: { app: "prometheus" } },
        protocol: "TCP",
        port: 15012,
    },
    "a server by its service": { to: SERVER, protocol: "TCP", port: 8443 },
    "a partner by its address": { to: PARTNER, protocol: "TCP", port: 443 },
    "a partner by QUIC": { to: PARTNER, protocol: "UDP", port: 443 },
    "the metadata service": { to: { address: "169.254.169.254" }, protocol: "TCP", port: 80 },
};

const DOOR = ["the gateway", "the gateway, with TLS of its own"];
const NEEDS = ["DNS", "DNS by TCP", "istiod"];

describe("the network policies, as cyclonus reads them", function () {
    let cyclonus: string;

    before(async function () {
        cyclonus = (await machine.tool(this, "cyclonus")).path;
    });

    /** What `from` reaches of the attempts. */
    function reached(policies: Parameters<typeof evaluate>[1], from: End, attempts = ATTEMPTS): string[] {
        const names = Object.keys(attempts);
        const answers = evaluate(
            cyclonus,
            policies,
            names.map((name) => ({ from, ...attempts[name] })),
        );
        return names.filter((_, index) => answers[index]);
    }

    it("let a caller reach the gateway and what its sidecar needs, and nobody else of a locked namespace the gateway", () => {
        const policies = ["payments", "idle"].map((name) => lockedPolicy(name, PLACES, [], ["payments"]));
        policies.push(gatewayPolicy(PLACES, [], ["payments"], [{ internet: true, ports: [443] }]));
        const pod = (namespace: string): End => ({ namespace, labels: { app: "any" } });
        assert.deepEqual(reached(policies, pod("payments")), [...DOOR, ...NEEDS]);
        assert.deepEqual(reached(policies, pod("idle")), NEEDS);
        const others = Object.keys(ATTEMPTS).filter((name) => !/^(another port of )?the gateway/.test(name));
        assert.deepEqual(reached(policies, pod("open")), others, "a namespace that is not locked, up to the gateway");
    });

    it("keep those who may not call from the gateway twice, where they leave and where they would arrive", () => {
        const door = { door: ATTEMPTS["the gateway"] };
        for (const policies of [
            [lockedPolicy("idle", PLACES, [], ["payments"])],
            [gatewayPolicy(PLACES, [], ["payments"], [{ internet: true, ports: [443] }])],
        ]) {
            assert.deepEqual(reached(policies, { namespace: "idle", labels: {} }, door), []);
            assert.deepEqual(reached(policies, { namespace: "payments", labels: {} }, door), ["door"]);
        }
    });

    it("let the gateway reach what it is told to, and nothing by accident", () => {
        const destinations: Record<string, Omit<Connection, "from">> = {
            ...ATTEMPTS,
            "a private address": { to: { address: "10.9.8.7" }, protocol: "TCP", port: 443 },
            "the platform's address": { to: { address: "168.63.129.16" }, protocol: "TCP", port: 443 },
            "the metadata service by TLS": { to: { address: "169.254.169.254" }, protocol: "TCP", port: 443 },
            "a partner by IPv6": { to: { address: "2001:db8::7" }, protocol: "TCP", port: 443 },
            "a private address by IPv6": { to: { address: "fd00::7" }, protocol: "TCP", port: 443 },
        };
        const from = (reaches: ResolvedDestination[]) =>
            reached([gatewayPolicy(PLACES, [], [], reaches)], GATEWAY, destinations);
        assert.deepEqual(from([{ range: "203.0.113.0/24", ports: [443] }]), [...NEEDS, "a partner by its address"]);
        assert.deepEqual(from([{ range: "203.0.113.0/24", ports: [8443] }]), NEEDS);
        assert.deepEqual(from([{ namespace: "servers", ports: [8443] }]), [
            "a pod elsewhere with the gateway's labels",
            ...NEEDS,
            "a server by its service",
        ]);
        assert.deepEqual(from([{ internet: true, ports: [443] }]), [
            ...NEEDS,
            "a partner by its address",
            "a partner by IPv6",
        ]);
    });

    it("allow the DNS cache of the nodes where it is named", () => {
        const cache: Record<string, Omit<Connection, "from">> = {
            cache: { to: { address: "169.254.20.10" }, protocol: "UDP", port: 53 },
            metadata: { to: { address: "169.254.169.254" }, protocol: "TCP", port: 80 },
        };
        const from: End = { namespace: "payments", labels: {} };
        assert.deepEqual(reached([lockedPolicy("payments", PLACES, ["169.254.20.10/32"], [])], from, cache), ["cache"]);
        assert.deepEqual(reached([lockedPolicy("payments", PLACES, [], [])], from, cache), []);
    });

    it("allow exactly what any list of routes and callers says", () => {
        const all = ["a", "b", "c", "d", "e"];
        const namespaces = fc.constantFrom(...all);
        const route = callers.chain((list) =>
            fc
                .tuple(...list.map(() => namespaces))
                .map((names) => list.map((one, i) => ({ ...one, namespace: names[i] }))),
        );
        fc.assert(
            fc.property(fc.array(route, { maxLength: 4 }), fc.uniqueArray(namespaces), (routes, locked) => {
                const allowed = allowedNamespaces(routes.map(callerNamespaces));
                const policies = [
                    ...locked.map((namespace) => lockedPolicy(namespace, PLACES, [], allowed)),
                    gatewayPolicy(PLACES, [], allowed, [{ internet: true, ports: [443] }]),
                ];
                const matrix = all.flatMap((namespace) =>
                    Object.entries(ATTEMPTS).map(([name, attempt]) => ({ namespace, name, attempt })),
                );
                const answers = evaluate(
                    cyclonus,
                    policies,
                    matrix.map(({ namespace, attempt }) => ({ from: { namespace, labels: {} }, ...attempt })),
                );
                const expected = matrix.map(({ namespace, name, attempt }) => {
                    if (DOOR.includes(name)) {
                        return routes.some((list) => list.some((caller) => caller.namespace === namespace));
                    }
                    return attempt.to !== GATEWAY && (!locked.includes(namespace) || NEEDS.includes(name));
                });
                assert.deepEqual(answers, expected);
            }),
            { numRuns: 50 },
        );
    });
});
