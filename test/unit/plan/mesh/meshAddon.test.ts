import assert from "node:assert/strict";
import { AddonMeshRequest, refuseAddonGateway, refuseAddonGatewayName, refuseAddonMesh } from "../../../../plan/mesh/meshAddon";
import { explain } from "../../../../plan/shared/violation";

const mesh: AddonMeshRequest = { revision: "asm-1-29" };

describe("refuseAddonMesh", () => {
    it("accepts a revision, and the MeshConfig that Microsoft allows", () => {
        assert.deepEqual(refuseAddonMesh(mesh), []);
        const meshConfig = {
            outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
            defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } },
        };
        assert.deepEqual(refuseAddonMesh({ ...mesh, values: { meshConfig } }), []);
    });

    const bad: [what: string, change: Partial<AddonMeshRequest>, path: string, message: RegExp][] = [
        ["no revision", { revision: undefined }, "revision", /is missing; expected a revision such as "asm-1-29"/],
        ["a revision of one's own", { revision: "canary" }, "revision", /is no revision of the Istio add-on/],
        ["charts", { charts: true }, "charts", /AKS installs the control plane/],
        ["a version", { version: true }, "version", /AKS chooses the patch/],
        ["a namespace", { namespace: "istio-system" }, "namespace", /always in aks-istio-system/],
        ["a registry", { hub: "mirror.example" }, "hub", /images are always Microsoft's/],
        ["a tag", { tag: "1.29.1" }, "tag", /AKS chooses the patch/],
        ["values of the chart", { values: { pilot: {} } }, "values.pilot", /takes a MeshConfig only/],
        [
            "what is blocked of MeshConfig",
            { values: { meshConfig: { configSources: [] } } },
            "values.meshConfig.configSources",
            /blocked by the Istio add-on/,
        ],
        [
            "what is blocked of ProxyConfig",
            { values: { meshConfig: { defaultConfig: { image: {} } } } },
            "values.meshConfig.defaultConfig.image",
            /blocked/,
        ],
    ];
    for (const [what, change, path, message] of bad) {
        it(`refuses ${what}, with the reason`, () => {
            const refusals = refuseAddonMesh({ ...mesh, ...change });
            assert.deepEqual(
                refusals.map((refusal) => refusal.path),
                [path],
            );
            assert.match(explain(refusals[0]), message);
        });
    }
});

describe("refuseAddonGateway", () => {
    it("accepts what is the user's to decide", () => {
        assert.deepEqual(refuseAddonGateway(["addon", "namespace", "gatewayName", "plaintextLeg"]), []);
    });

    it("refuses what is AKS's to decide, with the reason", () => {
        const refusals = refuseAddonGateway(["nodeSelector", "minReplicas", "mountedCredentials"]);
        assert.deepEqual(
            refusals.map(({ path }) => path),
            ["nodeSelector", "minReplicas", "mountedCredentials"],
        );
        assert.match(explain(refusals[1]), /of the add-on's gateway AKS scales the gateway/);
    });

    it("refuses names that the add-on would cut or not take", () => {
        for (const name of ["istio-egress", "Egress", "-a", "a".repeat(54)]) {
            assert.equal(refuseAddonGatewayName("gatewayName", name).length, 1, name);
        }
        assert.deepEqual(refuseAddonGatewayName("gatewayName", "a".repeat(53)), []);
    });
});
