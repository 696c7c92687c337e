import assert from "node:assert/strict";
import fc from "fast-check";
import {
    newIstioSource,
    retiredIstioSource,
    validateIstioSource,
    validateIstioSources,
} from "../../../../plan/mesh/retiredSources";
import {
    CERT_MANAGER_CHART_REPOSITORY,
    CURL_IMAGE,
    ISTIO_CHART_REPOSITORY,
    ISTIO_IMAGES,
    ISTIO_OCI_CHARTS,
    NGINX_IMAGE,
} from "../../../../plan/shared/officialSources";

const RETIRED: [location: string, replacement: string][] = [
    ["https://istio-release.storage.googleapis.com/charts", ISTIO_CHART_REPOSITORY],
    ["https://storage.googleapis.com/istio-release/charts", ISTIO_CHART_REPOSITORY],
    ["HTTPS://ISTIO-RELEASE.storage.googleapis.com/charts/", ISTIO_CHART_REPOSITORY],
    ["oci://gcr.io/istio-release/charts/base", ISTIO_OCI_CHARTS],
    ["oci://gcr.io/istio-release/charts", ISTIO_OCI_CHARTS],
    ["gcr.io/istio-release", ISTIO_IMAGES],
    ["gcr.io/istio-release/proxyv2:1.29.0", ISTIO_IMAGES],
    ["registry.istio.io/release", ISTIO_IMAGES],
    ["registry.istio.io/release/pilot@sha256:0", ISTIO_IMAGES],
];
const CURRENT = [
    ISTIO_CHART_REPOSITORY,
    ISTIO_OCI_CHARTS,
    ISTIO_IMAGES,
    CERT_MANAGER_CHART_REPOSITORY,
    NGINX_IMAGE,
    CURL_IMAGE,
    "mirror.example/gcr.io-istio-release",
    "my-gcr.io/istio-release",
    "registry.istio.io.mirror.example/release",
    "gcr.io/istio-release-candidates/pilot",
    "./charts/base",
];

describe("retiredIstioSource", () => {
    it("knows each of Istio's former places, however it is spelled, and the place that replaces it", () => {
        for (const [location, replacement] of RETIRED) {
            assert.ok(retiredIstioSource(location), location);
            assert.equal(newIstioSource(location), replacement, location);
            assert.equal(validateIstioSource("hub", location)[0].fix, `Write "${replacement}"`);
        }
    });

    it("takes the current places, mirrors and names that only look alike", () => {
        assert.deepEqual(
            CURRENT.filter((location) => retiredIstioSource(location) !== undefined),
            [],
        );
    });

    it("names a replacement that is not refused itself", () => {
        for (const [location] of RETIRED) {
            assert.deepEqual(validateIstioSource("hub", newIstioSource(location)), []);
        }
    });

    it("is found at any depth of a tree of values, with its path", () => {
        fc.assert(
            fc.property(
                fc.constantFrom(...RETIRED.map(([location]) => location)),
                fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 }),
                fc.boolean(),
                (location, path, inList) => {
                    const value = path.reduceRight<unknown>(
                        (inner, key) => ({ [key]: inner, other: 1 }),
                        inList ? [1, location] : location,
                    );
                    assert.deepEqual(
                        validateIstioSources("values", value).map((one) => one.path),
                        [`values.${path.join(".")}${inList ? "[1]" : ""}`],
                    );
                },
            ),
        );
    });
});

describe("official images", () => {
    it("are pinned by digest, so that a tag that moves changes nothing", () => {
        for (const image of [NGINX_IMAGE, CURL_IMAGE]) {
            assert.match(image, /^docker\.io\/[a-z/]+:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
        }
    });
});
