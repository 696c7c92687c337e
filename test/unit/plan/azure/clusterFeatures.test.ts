import assert from "node:assert/strict";
import { ResolvedCluster, apiServerAccessProfile } from "../../../../plan/azure/cluster";
import { addonProfiles, securityProfile, validateClusterFeatures } from "../../../../plan/azure/clusterFeatures";
import { explain } from "../../../../plan/shared/violation";
import { clusterOptions } from "../../../support/aks";

const zone = "/subscriptions/0/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.contoso.com";

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

    it("is a name in the zone that exists already", () => {
        const { privateDNSZone, enablePrivateClusterPublicFQDN } = apiServerAccessProfile({
            ...clusterOptions,
            serverFqdn: "private",
            privateDnsZoneId: zone,
        }) as Record<string, unknown>;
        assert.deepEqual([privateDNSZone, enablePrivateClusterPublicFQDN], [zone, false]);
    });
});
