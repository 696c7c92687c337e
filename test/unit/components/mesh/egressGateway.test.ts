import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EgressGateway, EgressGatewayArgs, EgressGatewaySettings, ServiceMesh } from "../../../../components";
import { ISTIO_VERSION } from "../../../../plan/shared/officialSources";
import { gatewayValues } from "../../../../plan/mesh/gateway";
import { failures, record, refusedPaths, run, valueOf } from "../../../support/mocks";

const good: EgressGatewayArgs = {
    mesh: { namespace: "istio-system", trustDomain: "cluster.local", gatewayChart: "./gateway" },
};

describe("EgressGateway", () => {
    it("refuses a second gateway of the same name, whose pods would get the configuration of both", async () => {
        const twice = () => {
            new EgressGateway("one", { ...good, namespace: "one" });
            new EgressGateway("two", { ...good, namespace: "two" });
        };
        assert.deepEqual(await refusedPaths(twice), ["gatewayName"]);
    });

    it("refuses a chart of its mesh that is at a former place of Istio, or nowhere", async () => {
        const retired = "https://istio-release.storage.googleapis.com/charts";
        for (const [chart, path] of [
            [{ gatewayChart: "gateway", chartRepository: retired }, "mesh.chartRepository"],
            [{ gatewayChart: "oci://gcr.io/istio-release/charts/gateway" }, "mesh.gatewayChart"],
            [{ gatewayChart: "gateway" }, "mesh.gatewayChart"],
        ] as const) {
            const make = () => void new EgressGateway("gateway", { mesh: { ...good.mesh, ...chart } });
            assert.deepEqual(await refusedPaths(make), [path]);
        }
    });

    it("takes the tested version of a chart that has none of its own", async () => {
        for (const [mesh, version] of [
            [{ gatewayChart: "gateway", chartRepository: "https://charts.example" }, ISTIO_VERSION],
            [{ gatewayChart: "gateway", chartRepository: "https://charts.example", chartVersion: "1.30.2" }, "1.30.2"],
            [{ gatewayChart: "oci://registry.example/gateway" }, ISTIO_VERSION],
            [{ gatewayChart: "oci://registry.example/gateway:1.30.2" }, undefined],
            [{ gatewayChart: "./gateway", chartVersion: "" }, undefined],
        ] as [Partial<EgressGatewayArgs["mesh"]>, string | undefined][]) {
            const recorder = await record();
            const gateway = await run(
                recorder,
                () => new EgressGateway("gateway", { mesh: { ...good.mesh, ...mesh } }),
            );
            assert.equal(recorder.named("gateway-release").inputs.version, version);
            // What istiod runs is not known by that.
            assert.equal(await valueOf(gateway.istioVersion), mesh.chartVersion ?? "");
        }
    });

    it("passes its values to the release of Istio's chart", async () => {
        const recorder = await record();
        const nodeSelector = { pool: "egress" };
        const tolerations = [{ key: "egress", operator: "Exists" }];
        const resources = { requests: { cpu: "1" } };
        const own = { minReplicas: 2, maxReplicas: 4, nodeSelector, tolerations, resources };
        const mesh = { ...good.mesh, revision: "canary" };
        await run(recorder, () => new EgressGateway("gateway", { ...own, mesh, gatewayName: "door" }));
        const { inputs } = recorder.named("gateway-release");
        const names = { name: "door", namespace: "istio-egress", meshNamespace: "istio-system", revision: "canary" };
        assert.deepEqual(inputs.values, gatewayValues({ ...own, ...names }));
        assert.equal(inputs.name, "door");
        assert.equal(inputs.namespace, "istio-egress");
        assert.equal(inputs.chart, "./gateway");
        assert.equal(inputs.timeout, 300);
    });

    it("follows base and istiod, and its objects follow it", async () => {
        const recorder = await record();
        const gateway = await run(recorder, () => {
            const mesh = new ServiceMesh("mesh", { charts: { repository: "https://charts.example" } });
            return new EgressGateway("gateway", { mesh });
        });
        const release = recorder.named("gateway-release");
        assert.ok(release.dependencies.includes(recorder.named("mesh-istiod").urn));
        assert.ok(recorder.named("mesh-istiod").dependencies.includes(recorder.named("mesh-base").urn));
        assert.deepEqual(release.inputs.repositoryOpts, { repo: "https://charts.example" });
        for (const name of [
            "gateway-gateway",
            "gateway-destination-rule",
            "gateway-tls-by-default",
            "gateway-deny-by-default",
            "gateway-telemetry",
        ]) {
            assert.ok(recorder.named(name).dependencies.includes(release.urn), name);
        }
        assert.equal(await valueOf(gateway.gatewayName), "egress-gateway");
    });

    it("writes the audit log exactly where its mesh has one", async () => {
        const provider = async (mesh: () => EgressGatewayArgs["mesh"]) => {
            const recorder = await record();
            await run(recorder, () => new EgressGateway("gateway", { mesh: mesh() }));
            const { accessLogging } = recorder.named("gateway-telemetry").inputs.spec as {
                accessLogging: { providers: { name: string }[] }[];
            };
            return accessLogging[0].providers[0].name;
        };
        assert.equal(await provider(() => good.mesh), "envoy");
        assert.equal(await provider(() => ({ ...good.mesh, auditLog: true })), "mesh-egress-audit");
        assert.equal(await provider(() => new ServiceMesh("mesh", { auditLog: {} })), "mesh-egress-audit");
        assert.equal(await provider(() => new ServiceMesh("mesh")), "envoy");
    });

    it("traces exactly where its mesh does", async () => {
        const tracing = async (mesh: () => EgressGatewayArgs["mesh"]) => {
            const recorder = await record();
            await run(recorder, () => new EgressGateway("gateway", { mesh: mesh() }));
            return (
                recorder.named("gateway-telemetry").inputs.spec as { tracing?: { randomSamplingPercentage?: number }[] }
            ).tracing?.[0].randomSamplingPercentage;
        };
        const collector = { service: "otel.monitoring.svc.cluster.local" };
        assert.equal(await tracing(() => good.mesh), undefined);
        assert.equal(await tracing(() => ({ ...good.mesh, tracingPercent: 7 })), 7);
        assert.equal(await tracing(() => new ServiceMesh("mesh", { tracing: { collector, percent: 5 } })), 5);
        assert.equal(await tracing(() => new ServiceMesh("mesh", { tracing: { collector } })), 1);
        assert.equal(await tracing(() => new ServiceMesh("mesh")), undefined);
    });

    it("uses a namespace that is there already where it shall not create one", async () => {
        const recorder = await record();
        await run(recorder, () => new EgressGateway("gateway", { ...good, createNamespace: false }));
        assert.deepEqual(recorder.ofType("kubernetes:core/v1:Namespace"), []);
        assert.equal(recorder.named("gateway-release").inputs.namespace, "istio-egress");
    });

    it("refuses the mesh's root namespace before anything is registered", async () => {
        for (const preview of [true, false]) {
            const make = () => new EgressGateway("gateway", { ...good, namespace: "istio-system" });
            assert.deepEqual(await refusedPaths(make, { preview }), ["namespace"]);
        }
    });

    it("creates nothing in a namespace that turns out to be the mesh's root namespace", async () => {
        const recorder = await record();
        const mesh = { ...good.mesh, namespace: pulumi.output("istio-egress") };
        const [error] = await failures(recorder, () => new EgressGateway("gateway", { mesh }));
        assert.match(error.message, /root namespace/);
        assert.deepEqual(
            recorder.resources.filter(({ custom }) => custom).map(({ name }) => name),
            [],
        );
    });

    it("refuses everything else at once even before the mesh's namespace is known", async () => {
        const bad = { mesh: { ...good.mesh, namespace: pulumi.output("x") }, gatewayName: "A", minReplicas: 0 };
        assert.deepEqual(await refusedPaths(() => new EgressGateway("gateway", bad)), [
            "gatewayName",
            "minReplicas",
            "maxReplicas",
        ]);
    });

    it("ties the add-on's gateway to its nodes and addresses, and installs none", async () => {
        const recorder = await record();
        const addon = { egressPrefixId: "/prefix" };
        const mesh = { ...good.mesh, namespace: "aks-istio-system", gatewayChart: "" };
        const gateway = await run(recorder, () => new EgressGateway("gateway", { mesh, addon }));
        assert.deepEqual(recorder.ofType("kubernetes:helm.sh/v3:Release"), []);
        assert.deepEqual(recorder.ofType("kubernetes:core/v1:Namespace"), []);
        const exit = recorder.named("gateway-exit");
        assert.equal(exit.type, "kubernetes:egressgateway.kubernetes.azure.com/v1alpha1:StaticGatewayConfiguration");
        assert.deepEqual(exit.inputs.metadata, {
            name: "egress-gateway",
            namespace: "aks-istio-egress",
            annotations: { "pulumi.com/waitFor": "jsonpath={.status.egressIpPrefix}" },
        });
        assert.deepEqual(exit.inputs.spec, {
            gatewayNodepoolName: "egress",
            publicIpPrefixId: "/prefix",
            excludeCidrs: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        });
        assert.ok(recorder.named("gateway-deny-by-default").dependencies.includes(exit.urn));
        assert.equal(await valueOf(gateway.namespace), "aks-istio-egress");
    });

    it("refuses for the add-on's gateway what is AKS's to decide", async () => {
        const decided = {
            createNamespace: true,
            minReplicas: 2,
            maxReplicas: 3,
            mountedCredentials: ["partner"],
            nodeSelector: { pool: "egress" },
            tolerations: [{ operator: "Exists" }],
            resources: { limits: { cpu: "1" } },
            workers: 1,
            ipFamilies: "ipv6",
            timeoutSeconds: 60,
        } satisfies Required<Omit<EgressGatewaySettings, "addon" | "namespace" | "gatewayName" | "plaintextPort">>;
        const bad = { ...good, addon: { egressPrefixId: "/p" }, ...decided, gatewayName: "istio-egress" };
        assert.deepEqual(await refusedPaths(() => new EgressGateway("gateway", bad)), [
            ...Object.keys(decided),
            "gatewayName",
        ]);
    });
});
