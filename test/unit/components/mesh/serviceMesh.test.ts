import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { MeshFlavour, ServiceMesh, ServiceMeshArgs } from "../../../../components";
import { istiodValues } from "../../../../plan/mesh/mesh";
import { ISTIO_CHART_REPOSITORY, ISTIO_IMAGES, ISTIO_VERSION } from "../../../../plan/shared/officialSources";
import { failures, record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: ServiceMeshArgs = { charts: { repository: "https://charts.example" }, version: "1.31.0" };

describe("ServiceMesh", () => {
    it("releases base, then istiod with the guarded values, in a namespace without injection", async () => {
        const recorder = await record();
        const mesh = await run(recorder, () => new ServiceMesh("mesh", good));
        const [namespace, base, istiod] = ["mesh-namespace", "mesh-base", "mesh-istiod"].map((name) =>
            recorder.named(name),
        );
        assert.deepEqual(namespace.inputs.metadata, {
            name: "istio-system",
            labels: { "istio-injection": "disabled" },
        });
        assert.ok(base.dependencies.includes(namespace.urn));
        assert.ok(istiod.dependencies.includes(base.urn));
        assert.deepEqual([base.inputs.skipAwait, istiod.inputs.skipAwait], [true, undefined]);
        const request = { namespace: "istio-system", trustDomain: "cluster.local", charts: good.charts! };
        assert.deepEqual(istiod.inputs.values, istiodValues(request));
        assert.deepEqual(istiod.inputs.repositoryOpts, { repo: "https://charts.example" });
        assert.equal(istiod.inputs.chart, "istiod");
        assert.equal(await valueOf(mesh.chartVersion), "1.31.0");
        assert.equal(await valueOf(mesh.namespace), "istio-system");
    });

    it("refuses undeclared hosts in a Sidecar of the root namespace too, which those who use the mesh wait for", async () => {
        const recorder = await record();
        const mesh = await run(recorder, () => new ServiceMesh("mesh", good));
        const sidecar = recorder.named("mesh-registry-only");
        assert.deepEqual(sidecar.inputs.metadata, { name: "registry-only", namespace: "istio-system" });
        assert.deepEqual(sidecar.inputs.spec, {
            egress: [{ hosts: ["*/*"] }],
            outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
        });
        assert.ok(sidecar.dependencies.includes(recorder.named("mesh-istiod").urn));
        assert.equal(await valueOf(mesh.namespace), "istio-system");
    });

    it("is a second control plane next to the first: a release of its own, and nothing that a mesh has once", async () => {
        const recorder = await record();
        await run(recorder, () => {
            const first = new ServiceMesh("mesh", good);
            const ranges = { apiServerRanges: ["10.20.0.4/32"] };
            const next = { ...good, ...ranges, revision: "1-31-1", controlPlaneOnly: true };
            return new ServiceMesh("next", next, { dependsOn: first });
        });
        const ofNext = recorder.resources.filter(({ name }) => name.startsWith("next-"));
        assert.deepEqual(ofNext.map(({ name }) => name).sort(), ["next-istiod", "next-istiod-egress"]);
        const [first, next] = ["mesh-istiod", "next-istiod"].map((name) => recorder.named(name).inputs);
        assert.deepEqual([first.name, next.name], ["istiod", "istiod-1-31-1"]);
        assert.deepEqual([first.namespace, next.namespace], ["istio-system", "istio-system"]);
        assert.equal((next.values as { revision: string }).revision, "1-31-1");
    });

    it("refuses a second control plane that would be the first, or that sets what is for the whole mesh", async () => {
        const paths = (args: ServiceMeshArgs) => refusedPaths(() => new ServiceMesh("next", { ...good, ...args }));
        assert.deepEqual(await paths({ controlPlaneOnly: true }), ["revision"]);
        assert.deepEqual(await paths({ controlPlaneOnly: true, revision: "next", sidecarLogPercent: 5 }), [
            "sidecarLogPercent",
        ]);
    });

    it("locks istiod's own calls where it is told the API server's addresses", async () => {
        const recorder = await record();
        const ranges = { apiServerRanges: ["10.20.0.4/32"], jwksRanges: ["203.0.113.0/24"] };
        await run(recorder, () => new ServiceMesh("mesh", { ...good, ...ranges }));
        const { spec } = recorder.named("mesh-istiod-egress").inputs as { spec: Record<string, unknown> };
        assert.deepEqual(spec.policyTypes, ["Egress"]);
        assert.deepEqual(spec.podSelector, { matchLabels: { app: "istiod", "istio.io/rev": "default" } });
        assert.match(JSON.stringify(spec.egress), /10\.20\.0\.4\/32.*203\.0\.113\.0\/24/);
    });

    it("refuses a version that is known only later", async () => {
        const recorder = await record();
        const late = { ...good, version: pulumi.output("1.24.2") };
        const [error] = await failures(recorder, () => new ServiceMesh("mesh", late));
        assert.match(error.message, /version.*too old/);
        assert.ok(!recorder.resources.some(({ name }) => name === "mesh-base"));
    });

    it("takes Istio's own charts and images in the tested version where no argument is given", async () => {
        const recorder = await record();
        const mesh = await run(recorder, () => new ServiceMesh("mesh"));
        for (const name of ["mesh-base", "mesh-istiod"]) {
            const { repositoryOpts, version } = recorder.named(name).inputs;
            assert.deepEqual([repositoryOpts, version], [{ repo: ISTIO_CHART_REPOSITORY }, ISTIO_VERSION]);
        }
        const { global } = recorder.named("mesh-istiod").inputs.values as { global: { hub: string } };
        assert.equal(global.hub, ISTIO_IMAGES);
        assert.equal(await valueOf(mesh.chartRepository), ISTIO_CHART_REPOSITORY);
        assert.equal(await valueOf(mesh.chartVersion), ISTIO_VERSION);
    });

    it("pins the version of a mirror too, whose images are its own", async () => {
        const recorder = await record();
        await run(recorder, () => new ServiceMesh("mesh", { charts: { repository: "https://charts.example" } }));
        assert.equal(recorder.named("mesh-istiod").inputs.version, ISTIO_VERSION);
        const { global } = recorder.named("mesh-istiod").inputs.values as { global: object };
        assert.ok(!("hub" in global));
    });

    it("refuses Istio's former places in every argument and value", async () => {
        const old = {
            charts: { repository: "https://istio-release.storage.googleapis.com/charts" },
            hub: "gcr.io/istio-release",
            values: { global: { proxy_init: { image: "registry.istio.io/release/proxyv2" } } },
        };
        const paths = await refusedPaths(() => new ServiceMesh("mesh", old));
        for (const path of ["charts.repository", "hub", "values.global.proxy_init.image"]) {
            assert.ok(paths.includes(path), path);
        }
    });

    it("takes charts from folders without a repository", async () => {
        const recorder = await record();
        const charts = { base: "./base", istiod: "./istiod", gateway: "./gateway" };
        const mesh = await run(recorder, () => new ServiceMesh("mesh", { charts }));
        assert.equal(recorder.named("mesh-base").inputs.chart, "./base");
        assert.equal(recorder.named("mesh-base").inputs.repositoryOpts, undefined);
        assert.equal(recorder.named("mesh-base").inputs.version, undefined);
        assert.equal(await valueOf(mesh.gatewayChart), "./gateway");
        assert.equal(await valueOf(mesh.chartRepository), "");
    });

    it("refuses bad arguments before anything is registered", async () => {
        const bad = {
            charts: { base: "b", istiod: "i", gateway: "g" },
            values: { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } } },
        };
        assert.deepEqual(await refusedPaths(() => new ServiceMesh("mesh", bad)), [
            "charts.base",
            "charts.istiod",
            "charts.gateway",
            "values.meshConfig.outboundTrafficPolicy.mode",
        ]);
    });

    it("configures the add-on and installs nothing, where AKS runs the mesh", async () => {
        const recorder = await record();
        const args = { flavour: MeshFlavour.AksAddon, revision: "asm-1-30" };
        const values = { meshConfig: { enableTracing: true } };
        const mesh = await run(recorder, () => new ServiceMesh("mesh", { ...args, values }));
        assert.deepEqual(
            recorder.resources.filter(({ custom }) => custom).map(({ name }) => name),
            ["mesh-config", "mesh-registry-only"],
        );
        const { metadata, data } = recorder.named("mesh-config").inputs as Record<string, Record<string, string>>;
        assert.deepEqual(metadata, { name: "istio-shared-configmap-asm-1-30", namespace: "aks-istio-system" });
        assert.deepEqual(JSON.parse(data.mesh), {
            enableTracing: true,
            outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
            accessLogFile: "/dev/stdout",
            accessLogEncoding: "JSON",
            trustDomain: "cluster.local",
            // What the add-on's documentation lists as allowed goes to it as it does to a mesh of the charts.
            defaultConfig: {
                proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" },
                gatewayTopology: { forwardClientCertDetails: "SANITIZE_SET" },
            },
        });
        assert.equal(await valueOf(mesh.namespace), "aks-istio-system");
        assert.equal(await valueOf(mesh.revision), "asm-1-30");
    });

    it("has sidecars log a part of their calls, with the add-on too, and tells gateways of the audit log", async () => {
        const addon = { flavour: MeshFlavour.AksAddon, revision: "asm-1-30" };
        for (const [args, namespace] of [
            [{ ...good }, "istio-system"],
            [addon, "aks-istio-system"],
        ] as const) {
            const recorder = await record();
            const mesh = await run(
                recorder,
                () => new ServiceMesh("mesh", { ...args, auditLog: {}, sidecarLogPercent: 0 }),
            );
            const { metadata } = recorder.named("mesh-sidecar-logs").inputs as { metadata: object };
            assert.deepEqual(metadata, { name: "mesh-egress-sidecar-logs", namespace });
            assert.equal(await valueOf(mesh.auditLog), true);
        }
    });

    it("refuses what the add-on cannot do before anything is registered", async () => {
        const bad = { ...good, flavour: MeshFlavour.AksAddon, hub: "mirror.example", values: { pilot: {} } };
        assert.deepEqual(await refusedPaths(() => new ServiceMesh("mesh", bad)), [
            "revision",
            "charts",
            "version",
            "hub",
            "values.pilot",
        ]);
        const opened = { meshConfig: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } } };
        const args = { flavour: MeshFlavour.AksAddon, revision: "asm-1-30", values: opened };
        assert.deepEqual(await refusedPaths(() => new ServiceMesh("mesh", args)), [
            "values.meshConfig.outboundTrafficPolicy.mode",
        ]);
    });
});
