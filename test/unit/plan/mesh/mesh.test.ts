import assert from "node:assert/strict";
import fc from "fast-check";
import { HelmValues } from "../../../../plan/mesh/helmValues";
import {
    ResolvedMesh,
    addonMeshConfig,
    baseValues,
    chartReference,
    chartVersionOf,
    chartRepository,
    istiodValues,
    merge,
    validateMesh,
} from "../../../../plan/mesh/mesh";
import { validateAddonMesh } from "../../../../plan/mesh/meshAddon";
import { explain } from "../../../../plan/shared/violation";

const mesh: ResolvedMesh = {
    namespace: "istio-system",
    trustDomain: "cluster.local",
    charts: { repository: "https://charts.example" },
};

/** What must hold in the values of istiod, whatever the user writes. */
const GUARDED: [path: string, value: unknown][] = [
    ["global.istioNamespace", "istio-system"],
    ["revision", ""],
    ["meshConfig.outboundTrafficPolicy.mode", "REGISTRY_ONLY"],
    ["meshConfig.accessLogFile", "/dev/stdout"],
    ["meshConfig.accessLogEncoding", "JSON"],
    ["meshConfig.trustDomain", "cluster.local"],
    ["env.BLOCKED_CIDRS_IN_JWKS_URIS", "0.0.0.0/0,::/0"],
    ["env.ENABLE_DEBUG_ENDPOINT_AUTH", "true"],
    ["meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE", "true"],
    ["sidecarInjectorWebhook.rewriteAppHTTPProbe", true],
];

function at(tree: unknown, path: string): unknown {
    return path.split(".").reduce((node, key) => (node as HelmValues | undefined)?.[key], tree);
}

function nested(path: string, value: unknown): HelmValues {
    return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as HelmValues;
}

/** Trees that also go through the guarded ones. */
const tree: fc.Arbitrary<HelmValues> = fc.letrec<{ node: unknown; tree: HelmValues }>((tie) => ({
    node: fc.oneof({ depthSize: "small" }, fc.constantFrom("x", 1, true, null, ""), fc.array(tie("node")), tie("tree")),
    tree: fc.dictionary(
        fc.constantFrom("global", "meshConfig", "defaultConfig", "outboundTrafficPolicy", "mode", "pilot", "a"),
        tie("node"),
        { maxKeys: 4, noNullPrototype: true },
    ),
})).tree;

const key = ["-----BEGIN PRIVATE", "KEY-----\nMIGH\n-----END PRIVATE", "KEY-----\n"].join(" ");

describe("istiodValues", () => {
    it("always have the guarded values, whatever the user's are", () => {
        fc.assert(
            fc.property(tree, (values) => {
                for (const [path, value] of GUARDED) {
                    assert.equal(at(istiodValues({ ...mesh, values }), path), value, path);
                }
            }),
        );
    });

    it("keep every value of the user that is accepted", () => {
        fc.assert(
            fc.property(tree, (values) => {
                fc.pre(validateMesh({ ...mesh, values }).length === 0);
                assert.deepEqual(istiodValues({ ...mesh, values }), merge(istiodValues({ ...mesh, values }), values));
            }),
        );
    });

    it("keep AKS from editing the injector's webhook", () => {
        assert.deepEqual(istiodValues(mesh).sidecarInjectorWebhookAnnotations, {
            "admissions.enforcer/disabled": "true",
        });
    });

    it("have images and revision where they are given", () => {
        const values = istiodValues({ ...mesh, hub: "mirror.example/istio", tag: "1.31.0", revision: "canary" });
        assert.equal(at(values, "global.hub"), "mirror.example/istio");
        assert.equal(at(values, "global.tag"), "1.31.0");
        assert.equal(values.revision, "canary");
        assert.ok(!("hub" in (istiodValues(mesh).global as HelmValues)), "else the chart's own");
    });
});

describe("baseValues", () => {
    it("name the root namespace and the revision", () => {
        assert.deepEqual(baseValues(mesh), {
            global: { istioNamespace: "istio-system" },
            defaultRevision: "default",
        });
        assert.equal(baseValues({ ...mesh, revision: "canary" }).defaultRevision, "canary");
    });
});

describe("validateMesh", () => {
    for (const [path, value] of GUARDED) {
        it(`refuses another value for ${path}, and takes the same one`, () => {
            const [violation, ...others] = validateMesh({ ...mesh, values: nested(path, "other") });
            assert.deepEqual(others, []);
            assert.equal(violation.path, `values.${path}`);
            assert.equal(violation.value, "other");
            assert.equal(violation.expected, JSON.stringify(value));
            assert.deepEqual(validateMesh({ ...mesh, values: nested(path, value) }), []);
        });

        it(`refuses a list in the place of ${path}`, () => {
            assert.equal(validateMesh({ ...mesh, values: nested(path, ["x"]) })[0].path, `values.${path}`);
        });
    }

    it("refuses what would take the place of a whole guarded tree", () => {
        for (const value of ["x", null, ["x"], 1]) {
            const [violation] = validateMesh({ ...mesh, values: { meshConfig: value } });
            assert.equal(violation.path, "values.meshConfig");
            assert.equal(violation.expected, "an object");
        }
    });

    it("refuses an image or revision in values that is not the argument's", () => {
        const request = { ...mesh, hub: "mirror.example/istio", values: { global: { hub: "images.example/istio" } } };
        assert.equal(validateMesh(request)[0].path, "values.global.hub");
        assert.equal(validateMesh({ ...mesh, values: { revision: "canary" } })[0].path, "values.revision");
        assert.deepEqual(validateMesh({ ...mesh, values: { global: { hub: "images.example/istio" } } }), []);
    });

    it("refuses a private key anywhere in the values, without repeating it", () => {
        const places: [values: HelmValues, path: string][] = [
            [{ key }, "values.key"],
            [{ a: { b: [{ c: "x" }, { c: key }] } }, "values.a.b[1].c"],
            [{ a: [[key]] }, "values.a[0][0]"],
            [{ a: `text before\n${key}` }, "values.a"],
            [{ podAnnotations: { note: key } }, "values.podAnnotations.note"],
            [nested("meshConfig.trustDomain", key), "values.meshConfig.trustDomain"],
            [{ meshConfig: key }, "values.meshConfig"],
        ];
        for (const [values, path] of places) {
            const violations = validateMesh({ ...mesh, values });
            assert.ok(
                violations.some((violation) => violation.path === path && /private key/.test(violation.problem)),
                path,
            );
            assert.ok(
                violations.every((violation) => !explain(violation).includes("MIGH")),
                path,
            );
        }
    });

    it("refuses every chart that is nowhere to be found", () => {
        assert.deepEqual(
            validateMesh({ ...mesh, charts: {} }).map(({ path }) => path),
            ["charts.base", "charts.istiod", "charts.gateway"],
        );
        const named = validateMesh({
            ...mesh,
            charts: { base: "./base", istiod: "istiod", gateway: "oci://x/gateway" },
        });
        assert.deepEqual(
            named.map(({ path, value }) => [path, value]),
            [["charts.istiod", "istiod"]],
        );
        assert.match(named[0].problem, /only a name/);
    });

    it("accepts a repository, folders and OCI references", () => {
        assert.deepEqual(validateMesh(mesh), []);
        assert.deepEqual(
            validateMesh({ ...mesh, charts: { base: "./base", istiod: "/charts/istiod", gateway: "oci://x/gateway" } }),
            [],
        );
        assert.equal(chartReference({ repository: "x" }, "istiod"), "istiod");
        assert.equal(chartReference({ istiod: "./istiod" }, "istiod"), "./istiod");
        const mixed = { repository: "https://charts.example", gateway: "./gateway" };
        assert.deepEqual(validateMesh({ ...mesh, charts: mixed }), []);
        assert.equal(chartRepository(mixed, "base"), "https://charts.example");
        assert.equal(chartRepository(mixed, "gateway"), undefined);
    });

    it("takes ranges for JWKS that are few, and blocks all others", () => {
        const request = { ...mesh, jwksRanges: ["203.0.113.0/24"] };
        assert.deepEqual(validateMesh(request), []);
        const blocked = String(at(istiodValues(request), "env.BLOCKED_CIDRS_IN_JWKS_URIS")).split(",");
        assert.ok(!blocked.includes("0.0.0.0/0") && blocked.includes("::/0"));
        for (const range of ["0.0.0.0/0", "127.0.0.0/8", "169.254.169.254/32", "10.0.0.1/16"]) {
            assert.equal(validateMesh({ ...mesh, jwksRanges: [range] })[0].path, "jwksRanges[0]", range);
        }
    });

    it("refuses a version whose istiod cannot be kept from calling addresses for tenants", () => {
        for (const version of ["1.24.2", "1.28.5", "v1.20.0"]) {
            assert.equal(validateMesh({ ...mesh, version })[0].path, "version");
        }
        assert.equal(validateMesh({ ...mesh, tag: "1.24.2-distroless" })[0].path, "tag");
        for (const version of ["1.28.6", "1.31.0", "1.32.0-rc.1", "2.0.0"]) {
            assert.deepEqual(validateMesh({ ...mesh, version }), []);
        }
    });

    it("refuses a namespace that is none", () => {
        assert.equal(validateMesh({ ...mesh, namespace: "Istio" })[0].path, "namespace");
    });
});

describe("a mesh's trust domain", () => {
    it("is what SPIFFE takes, and nothing that would change the meaning of an identity", () => {
        for (const trustDomain of ["cluster.local", "prod_1.example", "a"]) {
            assert.deepEqual(validateMesh({ ...mesh, trustDomain }), []);
        }
        for (const trustDomain of ["", "Prod", "a/ns/b", "*", "spiffe://a", "x".repeat(256)]) {
            const [violation] = validateMesh({ ...mesh, trustDomain });
            assert.equal(violation.path, "trustDomain");
            assert.equal(violation.value, trustDomain);
        }
    });
});

describe("merge", () => {
    it("leaves both trees as they were", () => {
        fc.assert(
            fc.property(tree, tree, (under, over) => {
                const before = structuredClone([under, over]);
                merge(under, over);
                assert.deepEqual([under, over], before);
            }),
        );
    });
});

describe("addonMeshConfig", () => {
    it("has what callers rely on, and no field for which the add-on would refuse all of it", () => {
        fc.assert(
            fc.property(tree, (tree) => {
                const values = { meshConfig: { ...(tree.meshConfig as HelmValues | undefined) } };
                const request = { ...mesh, revision: "asm-1-30", values, addonSettings: ["values"] };
                fc.pre(validateMesh(request).length === 0);
                const meshConfig = addonMeshConfig(request);
                assert.deepEqual(
                    validateAddonMesh({ given: ["values"], revision: "asm-1-30", values: { meshConfig } }),
                    [],
                );
                assert.equal(at(meshConfig, "outboundTrafficPolicy.mode"), "REGISTRY_ONLY");
                assert.equal(at(meshConfig, "defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE"), "true");
            }),
        );
    });
});

describe("chartVersionOf", () => {
    it("pins what is looked up, and nothing where each chart says its version itself", () => {
        const of = (base: string) => ({ base, istiod: base, gateway: base });
        assert.equal(chartVersionOf(undefined, undefined), "1.31.0");
        assert.equal(chartVersionOf({}, "1.30.5"), "1.30.5");
        assert.equal(chartVersionOf(of("oci://registry.example:5000/istio/base"), undefined), "1.31.0");
        assert.equal(chartVersionOf(of("oci://registry.example/istio/base:1.30.5"), undefined), undefined);
        assert.equal(chartVersionOf(of("./charts/base"), undefined), undefined);
        assert.equal(
            chartVersionOf({ ...of("./charts/base"), gateway: "oci://registry.example/gateway" }, undefined),
            "1.31.0",
        );
    });
});
