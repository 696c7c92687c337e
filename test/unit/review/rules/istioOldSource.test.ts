import assert from "node:assert/strict";
import { RawObject } from "../../../../review/rawObject";
import { reviewObjects } from "../../../../review/reviewObjects";

const object = (apiVersion: string, kind: string, rest: object, name = "istiod"): RawObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace: "istio-system" },
    ...rest,
});
const OLD_CHARTS = "https://istio-release.storage.googleapis.com/charts";
const OLD_IMAGES = "gcr.io/istio-release";

function paths(one: RawObject): string[] {
    return findings(one).map(({ violation }) => violation.path);
}

function findings(one: RawObject) {
    return reviewObjects([one]).filter(({ rule }) => rule === "istio-old-source");
}

const CASES: [what: string, object: RawObject, path: string][] = [
    [
        "Flux's HelmRepository",
        object("source.toolkit.fluxcd.io/v1", "HelmRepository", { spec: { url: OLD_CHARTS } }),
        "spec.url",
    ],
    [
        "Flux's OCIRepository",
        object("source.toolkit.fluxcd.io/v1", "OCIRepository", {
            spec: { url: "oci://gcr.io/istio-release/charts/base" },
        }),
        "spec.url",
    ],
    [
        "Flux's HelmRelease",
        object("helm.toolkit.fluxcd.io/v2", "HelmRelease", { spec: { values: { global: { hub: OLD_IMAGES } } } }),
        "spec.values.global.hub",
    ],
    [
        "an application of Argo CD",
        object("argoproj.io/v1alpha1", "Application", { spec: { sources: [{ chart: "x" }, { repoURL: OLD_CHARTS }] } }),
        "spec.sources[1].repoURL",
    ],
    [
        "an IstioOperator",
        object("install.istio.io/v1alpha1", "IstioOperator", { spec: { hub: "registry.istio.io/release" } }),
        "spec.hub",
    ],
    [
        "a Release of Pulumi",
        object("helm.sh/v3", "Release", { repositoryOpts: { repo: OLD_CHARTS } }),
        "repositoryOpts.repo",
    ],
    [
        "a workload's image",
        object("apps/v1", "Deployment", {
            spec: { template: { spec: { containers: [{ name: "a", image: `${OLD_IMAGES}/pilot:1.29.0` }] } } },
        }),
        "spec.template.spec.containers[0].image",
    ],
    [
        "the injector's values",
        object(
            "v1",
            "ConfigMap",
            { data: { values: `{"global":{\n"hub":"${OLD_IMAGES}"}}` } },
            "istio-sidecar-injector",
        ),
        "data.values",
    ],
];

describe("istio-old-source", () => {
    for (const [what, one, path] of CASES) {
        it(`finds a former place in ${what}`, () => assert.deepEqual(paths(one), [path]));
    }

    it("finds nothing in the same objects with the current places", () => {
        for (const [what, one] of CASES) {
            const moved = JSON.parse(
                JSON.stringify(one)
                    .replaceAll(OLD_CHARTS, "https://blob.istio.io/istio-release/charts")
                    .replaceAll("oci://gcr.io/istio-release/charts", "oci://ghcr.io/istio/release/charts")
                    .replaceAll(/gcr\.io\/istio-release|registry\.istio\.io\/release/g, "docker.io/istio"),
            ) as RawObject;
            assert.deepEqual(paths(moved), [], what);
        }
    });

    it("repeats no text of several lines, which may hold anything", () => {
        const values = `token: not-to-be-shown\nhub: ${OLD_IMAGES}`;
        const [finding] = findings(
            object("argoproj.io/v1alpha1", "Application", { spec: { source: { helm: { values } } } }),
        );
        assert.ok(!JSON.stringify(finding).includes("not-to-be-shown"));
        assert.match(finding.violation.problem, /^contains gcr\.io\/istio-release,/);
    });

    it("leaves alone what neither installs Istio nor runs an image: a route to such a host, an environment variable", () => {
        const entry = object("networking.istio.io/v1", "ServiceEntry", { spec: { hosts: ["registry.istio.io"] } });
        const env = object("v1", "Pod", {
            spec: { containers: [{ name: "a", image: "docker.io/a", env: [{ name: "X", value: OLD_IMAGES }] }] },
        });
        assert.deepEqual([paths(entry), paths(env)], [[], []]);
    });
});
