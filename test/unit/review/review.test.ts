import assert from "node:assert/strict";
import { allRules, review } from "../../../review";
import { HTTP_TO_TLS, destinationRule, serviceEntry } from "../../support/objects";

const unchecked = destinationRule("app/partner", "a.example", { mode: "SIMPLE", sni: "a.example" });

describe("review", () => {
    it("tells of each finding the rule, how grave it is, where, what to do, and the rule's page", () => {
        const { findings, objects, skipped } = review([unchecked]);
        const [{ message, ...finding }] = findings;
        assert.deepEqual(finding, {
            rule: "server-name-unchecked",
            severity: "mandatory",
            object: {
                apiVersion: "networking.istio.io/v1",
                kind: "DestinationRule",
                namespace: "app",
                name: "partner",
            },
            path: "spec.trafficPolicy.tls.sni",
            url: "https://unpkg.com/mesh-egress/docs/rules/server-name-unchecked.md",
        });
        assert.match(message, /is set without subjectAltNames.*Add subjectAltNames: \["a\.example"\]\.$/);
        assert.equal(objects, 1);
        assert.deepEqual(skipped, []);
    });

    it("takes lists apart, typed ones and nested ones too", () => {
        const { apiVersion, kind, ...bare } = unchecked;
        for (const list of [
            { apiVersion: "v1", kind: "List", items: [unchecked] },
            { apiVersion, kind: `${kind}List`, items: [bare] },
            { apiVersion: "v1", kind: "List", items: [{ apiVersion: "v1", kind: "List", items: [unchecked, null] }] },
        ]) {
            const { findings, objects } = review([list], { rules: ["server-name-unchecked"] });
            assert.deepEqual([findings.length, objects], [1, 1]);
        }
    });

    it("asks only the rules that are wanted, and refuses ids that there are not", () => {
        const id = "server-name-unchecked";
        assert.equal(review([unchecked], { rules: [id] }).findings.length, 1);
        assert.deepEqual(review([unchecked], { rules: ["double-tls"] }).findings, []);
        assert.ok(!review([unchecked], { skip: [id] }).findings.some(({ rule }) => rule === id));
        assert.throws(() => review([], { skip: ["no-rule"] }), /"no-rule" is not the id of a rule/);
        assert.ok(allRules().some((rule) => rule.id === id && rule.severity === "mandatory"));
    });

    it("skips what is not a Kubernetes object, and says why", () => {
        const { objects, skipped } = review([null, "text", 5, [], {}, { kind: "Pod" }, unchecked]);
        assert.equal(objects, 1);
        assert.deepEqual(
            skipped.map(({ index, reason }) => [index, reason.split(",")[0]]),
            [
                [1, "is a string"],
                [2, "is a number"],
                [3, "is a list"],
                [4, "has no apiVersion and kind"],
                [5, "has no apiVersion and kind"],
            ],
        );
    });

    it("skips objects that contain themselves or stand for too many values, as YAML's anchors can make them", () => {
        const endless: Record<string, unknown> = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
        endless.data = { more: endless };
        let doubled: unknown = "lol";
        for (let level = 0; level < 40; level++) {
            doubled = [doubled, doubled];
        }
        const bomb = { apiVersion: "v1", kind: "ConfigMap", data: doubled };
        const list: Record<string, unknown> = { apiVersion: "v1", kind: "List" };
        list.items = [list, unchecked];
        const { findings, skipped } = review([endless, bomb, list]);
        assert.ok(findings.length > 0);
        assert.match(skipped[0].reason, /contains itself/);
        assert.match(skipped[1].reason, /more than 1000000 values/);
    });

    it("reads a service's name in every spelling", () => {
        for (const host of ["egress", "egress.gateways.svc.cluster.local", "egress.gateways.svc.corp.example"]) {
            const rules = [
                destinationRule("gateways/one", host, { mode: "ISTIO_MUTUAL" }),
                destinationRule("gateways/two", "egress.gateways.svc.cluster.local", { mode: "DISABLE" }),
            ];
            const { findings } = review(rules, { rules: ["destination-rule-twice"] });
            assert.equal(findings.length, 1, host);
        }
    });

    it("says once what it does not understand", () => {
        const delegating = {
            apiVersion: "networking.istio.io/v1",
            kind: "VirtualService",
            metadata: { name: "root", namespace: "app" },
            spec: { hosts: ["a.example"], http: [{ delegate: { name: "leaf" } }] },
        };
        const { skipped } = review([delegating, serviceEntry("app/a", ["a.example"], [HTTP_TO_TLS])]);
        assert.deepEqual(
            skipped.map(({ object, reason }) => [object?.name, reason]),
            [["root", "spec.http[0] delegates to VirtualService app/leaf, which is not among the reviewed objects"]],
        );
    });
});
