import assert from "node:assert/strict";
import { review } from "../../../review";
import { RawObject } from "../../../review/rawObject";
import { HTTP_TO_TLS, serviceEntry, toldBy } from "../../support/objects";
import { Example } from "../../support/ruleEdges";
import { rulePage } from "../../support/rulePages";

/*
 * What the mesh's configuration and the Gateway API say of who sees what.
 */

function meshConfig(yaml: string, name = "istio"): RawObject {
    return {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace: "istio-system" },
        data: { mesh: yaml },
    };
}

describe("the mesh's configuration among the objects", () => {
    it("says which namespace is the root, if the options do not", () => {
        const told = toldBy("root-namespace-rule");
        const moved = new Example(rulePage("root-namespace-rule").found).replace("istio-system", "istio-config");
        const configured = moved.and(meshConfig("rootNamespace: istio-config\n"));
        assert.deepEqual(told(moved.objects), []);
        assert.equal(told(configured.objects).length, 1);
        assert.deepEqual(told(configured.objects, { rootNamespace: "istio-system" }), []);
    });

    it("says what is exported without exportTo, unless two configurations differ", () => {
        const told = toldBy("not-visible-at-gateway");
        const page = new Example(rulePage("not-visible-at-gateway").found).without("ServiceEntry", "spec.exportTo");
        const own = 'defaultServiceExportTo: ["."]\n';
        assert.deepEqual(told(page.objects), []);
        assert.deepEqual(told(page.and(meshConfig(own)).objects), [
            "not-visible-at-gateway ServiceEntry app/partner spec.exportTo",
        ]);
        assert.deepEqual(told(page.and(meshConfig('defaultServiceExportTo: ["*"]\n')).objects), []);
        const other = meshConfig('defaultServiceExportTo: ["*"]\n', "istio-canary");
        assert.deepEqual(told(page.and(meshConfig(own), other).objects), []);
        const routes = page.and(meshConfig('defaultVirtualServiceExportTo: ["."]\n'));
        assert.deepEqual(told(routes.objects), ["not-visible-at-gateway VirtualService app/partner spec.exportTo"]);
        assert.deepEqual(told(routes.with("VirtualService", "spec.exportTo", ["*"]).objects), []);
    });

    it("says it of DestinationRules too", () => {
        const told = toldBy("plaintext-to-tls-port");
        const page = new Example(rulePage("plaintext-to-tls-port").correct);
        const own = meshConfig('defaultDestinationRuleExportTo: ["."]\n');
        assert.deepEqual(told(page.objects), []);
        assert.deepEqual(told(page.and(own).objects), ["plaintext-to-tls-port ServiceEntry app/partner spec.ports[0]"]);
    });
});

describe("a route of the Gateway API for the mesh", () => {
    const entry = serviceEntry("istio-egress/partner", ["api.partner.example"], [HTTP_TO_TLS]);
    const route = (namespace: string, kind = "ServiceEntry"): RawObject => ({
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "to-gateway", namespace },
        spec: {
            parentRefs: [{ group: "networking.istio.io", kind, name: "partner", namespace: "istio-egress" }],
            rules: [{ backendRefs: [{ name: "egress-istio", namespace: "istio-egress", port: 443 }] }],
        },
    });
    const told = toldBy("plaintext-to-tls-port");

    it("is for every caller in the namespace of its parent, and for its own namespace elsewhere", () => {
        assert.deepEqual(told([entry, route("istio-egress")]), []);
        assert.deepEqual(told([entry, route("payments")]), [
            "plaintext-to-tls-port ServiceEntry istio-egress/partner spec.ports[0]",
        ]);
    });

    it("is noted once if its parent is of a kind that the review does not know", () => {
        const { skipped } = review([entry, route("istio-egress", "ListenerSet")]);
        assert.deepEqual(
            skipped.map(({ object, reason }) => `${object?.name} ${reason}`),
            ["to-gateway has a parent of kind ListenerSet, whose calls the review does not know"],
        );
    });
});
