import assert from "node:assert/strict";
import { apiServerAccessProfile } from "../../../../plan/azure/cluster";
import { ResolvedCluster } from "../../../../plan/azure/resolvedCluster";
import {
    addonProfiles,
    autoScalerProfile,
    securityProfile,
    validateClusterFeatures,
} from "../../../../plan/azure/clusterFeatures";
import { explain } from "../../../../plan/shared/violation";
import { clusterOptions } from "../../../support/aks";

const zone = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.contoso.com";

const vaultId = (name: string) => `/subscriptions/0/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/${name}`;
const etcdKey = {
    keyId: "https://contoso.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef",
    keyVaultId: vaultId("contoso"),
};

describe("what AKS adds to a cluster", () => {
    it("is accepted as it is by default", () => assert.deepEqual(validateClusterFeatures(clusterOptions), []));

    const bad: [what: string, change: Partial<ResolvedCluster>, path: string, message: RegExp][] = [
        ["a surge of nothing", { maxSurge: "0" }, "maxSurge", /neither a number/],
        ["a surge above all nodes", { maxSurge: "101%" }, "maxSurge", /1% to 100%/],
        ["a cleaner that runs each hour", { imageCleanerHours: 1 }, "imageCleanerHours", /24/],
        [
            "a name for a zone's id",
            { privateDnsZoneId: "contoso" },
            "privateDnsZoneId",
            /not the id of a private dns zone/,
        ],
        [
            "a private zone of a public API server",
            { access: "open", privateDnsZoneId: zone },
            "privateDnsZoneId",
            /no effect/,
        ],
        [
            "a key without its version",
            { etcdKey: { ...etcdKey, keyId: "https://contoso.vault.azure.net/keys/etcd" } },
            "etcdKey.keyId",
            /az keyvault key show/,
        ],
        [
            "a key of another vault",
            { etcdKey: { ...etcdKey, keyVaultId: vaultId("fabrikam") } },
            "etcdKey.keyVaultId",
            /not the vault of keyId, which is contoso/,
        ],
        [
            "a vault by its name",
            { etcdKey: { ...etcdKey, keyVaultId: "contoso" } },
            "etcdKey.keyVaultId",
            /not the id of a key vault/,
        ],
        [
            "a workspace for metrics by its name",
            { managedPrometheus: { workspaceId: "company" } },
            "managedPrometheus.workspaceId",
            /not the id of a monitor workspace.*az monitor account show/s,
        ],
        [
            "the region of a workspace that is yet to be created",
            { managedPrometheus: { workspaceLocation: "northeurope" } },
            "managedPrometheus.workspaceLocation",
            /no effect without workspaceId/,
        ],
        [
            "an autoscaler that removes nodes at once",
            { autoscaler: { scaleDownUnneededMinutes: 0 } },
            "autoscaler.scaleDownUnneededMinutes",
            /1 to 1440/,
        ],
        [
            "an autoscaler that waits for hours",
            { autoscaler: { maxGracefulTerminationSeconds: 7200 } },
            "autoscaler.maxGracefulTerminationSeconds",
            /0 to 3600/,
        ],
        ["a private name of a public API server", { access: "open", serverFqdn: "private" }, "serverFqdn", /no effect/],
    ];
    for (const [what, change, path, message] of bad) {
        it(`cannot be ${what}`, () => {
            const [violation, ...others] = validateClusterFeatures({ ...clusterOptions, ...change });
            assert.deepEqual([violation.path, others], [path, []]);
            assert.match(explain(violation), message);
        });
    }

    for (const maxSurge of ["1", "33%", "100%", "100"]) {
        it(`may be a surge of ${maxSurge}`, () =>
            assert.deepEqual(validateClusterFeatures({ ...clusterOptions, maxSurge }), []));
    }

    it("is Azure Policy and the image cleaner by default, and Defender where it is asked for", () => {
        assert.deepEqual(addonProfiles(clusterOptions, "w").azurepolicy, { enabled: true });
        assert.equal("defender" in securityProfile(clusterOptions, "w"), false);
        assert.deepEqual(securityProfile({ ...clusterOptions, defender: true }, "w"), {
            workloadIdentity: { enabled: true },
            imageCleaner: { enabled: true, intervalHours: 168 },
            defender: { logAnalyticsWorkspaceResourceId: "w", securityMonitoring: { enabled: true } },
        });
    });

    it("is a key of one's own for etcd where it is asked for, in a public or a private vault", () => {
        const kms = (privateVault?: boolean) =>
            securityProfile({ ...clusterOptions, etcdKey: { ...etcdKey, privateVault } }, "w").azureKeyVaultKms;
        assert.deepEqual(validateClusterFeatures({ ...clusterOptions, etcdKey }), []);
        assert.deepEqual(kms(), { enabled: true, keyId: etcdKey.keyId, keyVaultNetworkAccess: "Public" });
        assert.deepEqual(kms(true), {
            enabled: true,
            keyId: etcdKey.keyId,
            keyVaultNetworkAccess: "Private",
            keyVaultResourceId: etcdKey.keyVaultId,
        });
        assert.equal("azureKeyVaultKms" in securityProfile(clusterOptions, "w"), false);
    });

    it("is an autoscaler with what is asked for, and AKS's defaults for the rest", () => {
        assert.equal(autoScalerProfile(clusterOptions), undefined);
        const autoscaler = {
            expander: "least-waste",
            balanceSimilarNodeGroups: true,
            skipNodesWithSystemPods: false,
            scaleDownUnneededMinutes: 20,
            maxGracefulTerminationSeconds: 0,
        } as const;
        assert.deepEqual(validateClusterFeatures({ ...clusterOptions, autoscaler }), []);
        assert.deepEqual(autoScalerProfile({ autoscaler }), {
            expander: "least-waste",
            balanceSimilarNodeGroups: "true",
            skipNodesWithSystemPods: "false",
            scaleDownUnneededTime: "20m",
            maxGracefulTerminationSec: "0",
        });
    });

    it("is a name in the zone that exists already", () => {
        const { privateDNSZone, enablePrivateClusterPublicFQDN } = apiServerAccessProfile({
            ...clusterOptions,
            serverFqdn: "private",
            privateDnsZoneId: zone,
        }) as Record<string, unknown>;
        assert.deepEqual([privateDNSZone, enablePrivateClusterPublicFQDN], [zone, false]);
    });
});
