import assert from "node:assert/strict";
import type { V1NetworkPolicy, V1NetworkPolicySpec } from "@kubernetes/client-node";
import { PodStates, ruleset } from "../../../../lab/standins/networkPolicies/ruleset";

const pods: PodStates[] = [
    { namespace: "a", labels: { app: "web" }, ip: "10.0.0.1", ports: {} },
    { namespace: "a", labels: { app: "db" }, ip: "10.0.0.2", ports: { sql: 5432 } },
    { namespace: "b", labels: { app: "web" }, ip: "10.0.0.3", ports: {} },
];

/** The rules of one chain. */
function rules(chain: "egress" | "ingress", spec: V1NetworkPolicySpec): string[] {
    const policies: V1NetworkPolicy[] = [{ metadata: { namespace: "a" }, spec }];
    const text = ruleset({ policies, pods, namespaces: { a: { team: "one" }, b: { team: "two" } } });
    const start = text.indexOf(`chain ${chain} {`);
    return text
        .slice(start, text.indexOf("}\n", text.indexOf("\n    }", start)))
        .split("\n")
        .slice(1)
        .map((line) => line.trim())
        .filter((line) => line !== "" && line !== "}");
}

describe("the stand-in for a network policy engine", () => {
    it("leaves pods alone that no policy selects", () => {
        assert.deepEqual(
            rules("egress", { podSelector: { matchLabels: { app: "none" } }, policyTypes: ["Egress"] }),
            [],
        );
        assert.deepEqual(rules("egress", { podSelector: {}, policyTypes: ["Ingress"] }), []);
    });

    it("drops everything of a selected pod that no rule allows", () => {
        assert.deepEqual(rules("egress", { podSelector: {}, policyTypes: ["Egress"] }), [
            "ip saddr { 10.0.0.1, 10.0.0.2 } drop",
        ]);
    });

    it("allows peers by pod, namespace and address, and ports by number and name", () => {
        const spec: V1NetworkPolicySpec = {
            podSelector: { matchLabels: { app: "web" } },
            policyTypes: ["Egress"],
            egress: [
                { to: [{ podSelector: { matchLabels: { app: "db" } } }], ports: [{ port: "sql" }] },
                {
                    to: [
                        { namespaceSelector: { matchExpressions: [{ key: "team", operator: "In", values: ["two"] }] } },
                    ],
                    ports: [
                        { port: 53, protocol: "UDP" },
                        { port: 80, endPort: 90 },
                    ],
                },
                { to: [{ ipBlock: { cidr: "203.0.113.0/24", except: ["203.0.113.9/32"] } }] },
                { to: [{ ipBlock: { cidr: "2001:db8::/32" } }] },
                { to: [{ podSelector: { matchLabels: { app: "none" } } }] },
            ],
        };
        assert.deepEqual(rules("egress", spec), [
            "ip saddr { 10.0.0.1 } ip daddr { 10.0.0.2 } ip daddr 10.0.0.2 tcp dport 5432 return",
            "ip saddr { 10.0.0.1 } ip daddr { 10.0.0.3 } udp dport 53 return",
            "ip saddr { 10.0.0.1 } ip daddr { 10.0.0.3 } tcp dport 80-90 return",
            "ip saddr { 10.0.0.1 } ip daddr 203.0.113.0/24 ip daddr != { 203.0.113.9/32 } return",
            "ip saddr { 10.0.0.1 } drop",
        ]);
    });

    it("reads who may come in from lists and from watches, which name the field differently", () => {
        for (const field of ["_from", "from"]) {
            const ingress = [{ [field]: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ port: "sql" }] }];
            const spec = { podSelector: { matchLabels: { app: "db" } }, policyTypes: ["Ingress"], ingress };
            assert.deepEqual(rules("ingress", spec), [
                "ip daddr { 10.0.0.2 } ip saddr { 10.0.0.1 } ip daddr 10.0.0.2 tcp dport 5432 return",
                "ip daddr { 10.0.0.2 } drop",
            ]);
        }
    });

    it("tells labels that are there from those that are not", () => {
        const selected = (operator: string, key: string, values?: string[]) =>
            rules("egress", {
                podSelector: { matchExpressions: [{ key, operator, values }] },
                policyTypes: ["Egress"],
            }).join();
        assert.equal(selected("Exists", "app"), "ip saddr { 10.0.0.1, 10.0.0.2 } drop");
        assert.equal(selected("DoesNotExist", "app"), "");
        assert.equal(selected("NotIn", "app", ["db"]), "ip saddr { 10.0.0.1 } drop");
        assert.equal(selected("NotIn", "tier", ["db"]), "ip saddr { 10.0.0.1, 10.0.0.2 } drop");
    });
});
