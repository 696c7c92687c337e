import assert from "node:assert/strict";
import {
    AddonMesh,
    validateAddonGateway,
    validateAddonGatewayName,
    validateAddonMesh,
} from "../../../../plan/mesh/meshAddon";
import { explain } from "../../../../plan/shared/violation";

const mesh: AddonMesh = { given: ["revision"], revision: "asm-1-30" };

describe("validateAddonMesh", () => {
    it("accepts a revision, and the MeshConfig that Microsoft allows", () => {
        assert.deepEqual(validateAddonMesh(mesh), []);
        const meshConfig = {
            outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
            defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } },
        };
        assert.deepEqual(validateAddonMesh({ ...mesh, values: { meshConfig } }), []);
    });

    const bad: [what: string, change: Partial<AddonMesh>, path: string, message: RegExp][] = [
        ["no revision", { revision: undefined }, "revision", /is missing; expected a revision such as "asm-1-30"/],
        ["a revision of one's own", { revision: "canary" }, "revision", /is not a revision of the Istio add-on/],
        ["charts", { given: ["charts"] }, "charts", /AKS installs the control plane/],
        ["a version", { given: ["version"] }, "version", /AKS chooses the patch/],
        ["a namespace", { given: ["namespace"] }, "namespace", /always in aks-istio-system/],
        ["a registry", { given: ["hub"] }, "hub", /images are always Microsoft's/],
        ["a tag", { given: ["tag"] }, "tag", /AKS chooses the patch/],
        ["values of the chart", { values: { pilot: {} } }, "values.pilot", /accepts only a MeshConfig/],
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
            const violations = validateAddonMesh({ ...mesh, ...change });
            assert.deepEqual(
                violations.map((violation) => violation.path),
                [path],
            );
            assert.match(explain(violations[0]), message);
        });
    }
});

describe("validateAddonGateway", () => {
    it("accepts what is the user's to decide", () => {
        assert.deepEqual(validateAddonGateway(["addon", "namespace", "gatewayName", "plaintextPort"]), []);
    });

    it("refuses what is AKS's to decide, with the reason", () => {
        const violations = validateAddonGateway(["nodeSelector", "minReplicas", "mountedCredentials"]);
        assert.deepEqual(
            violations.map(({ path }) => path),
            ["nodeSelector", "minReplicas", "mountedCredentials"],
        );
        assert.match(explain(violations[1]), /cannot be set with the Istio add-on: AKS scales the gateway/);
    });

    it("refuses names that the add-on would cut or not take", () => {
        for (const name of ["istio-egress", "Egress", "-a", "a".repeat(54)]) {
            assert.equal(validateAddonGatewayName("gatewayName", name).length, 1, name);
        }
        assert.deepEqual(validateAddonGatewayName("gatewayName", "a".repeat(53)), []);
    });
});
