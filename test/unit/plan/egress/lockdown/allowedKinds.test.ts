import assert from "node:assert/strict";
import fc from "fast-check";
import { ORDINARY_KINDS, validateAllowedKinds } from "../../../../../plan/egress/lockdown/allowedKinds";
import { label } from "../../../../support/arbitraries";

const paths = (kinds: string[]) => validateAllowedKinds("allowedKinds", kinds).map(({ path }) => path);

describe("allowedKinds", () => {
    it("accepts one kind or all of an operator's group", () => {
        fc.assert(
            fc.property(label(), fc.constantFrom("*", "widgets"), (group, resource) => {
                assert.deepEqual(paths([`${group}.example/${resource}`]), []);
            }),
        );
    });

    it("refuses everything, and groups by which a namespace is opened", () => {
        const groups = [
            "*",
            "networking.istio.io",
            "cilium.io",
            "projectcalico.org",
            "discovery.k8s.io",
            "x.antrea.io",
        ];
        for (const group of groups) {
            assert.deepEqual(paths(["a.example/b", `${group}/*`]), ["allowedKinds[1]"], group);
        }
        for (const kind of ["", "*", "*/*", "/endpoints", "pods", "A.example/b", "a.example/b/c", "a.example/"]) {
            assert.deepEqual(paths([kind]), ["allowedKinds[0]"], kind);
        }
    });

    it("leaves out what calls an address for its author", () => {
        const ordinary = Object.entries(ORDINARY_KINDS).flatMap(([group, all]) => all.map((one) => `${group}/${one}`));
        for (const kind of [
            "/endpoints",
            "/services/proxy",
            "/services/status",
            "/pods/proxy",
            "/pods/binding",
            "discovery.k8s.io/endpointslices",
            "networking.k8s.io/ingresses",
            "networking.istio.io/serviceentries",
            "networking.istio.io/envoyfilters",
            "extensions.istio.io/wasmplugins",
            "resource.k8s.io/resourceclaims",
        ]) {
            assert.ok(!ordinary.includes(kind), kind);
        }
    });
});
