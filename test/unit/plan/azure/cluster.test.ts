import assert from "node:assert/strict";
import fc from "fast-check";
import { formatRange, parseRange } from "../../../../plan/shared/addressRange";
import {
    apiServerAccessProfile,
    dnsServiceAddress,
    networkProfile,
    validateCluster,
} from "../../../../plan/azure/cluster";
import { ResolvedCluster } from "../../../../plan/azure/resolvedCluster";
import { clusterOptions, pool } from "../../../support/aks";
import { explain } from "../../../../plan/shared/violation";

const cluster = clusterOptions;
const addon = { revision: "asm-1-30", gatewayName: "egress-gateway", gatewayNamespace: "a", egressPrefixLength: 30 };

describe("validateCluster", () => {
    it("accepts a cluster that is right, with and without the add-on", () => {
        assert.deepEqual(validateCluster(cluster), []);
        assert.deepEqual(validateCluster({ ...cluster, addon }), []);
        assert.deepEqual(validateCluster({ ...cluster, kubernetesVersion: "1.36.2", upgradeChannel: "none" }), []);
    });

    const bad: [what: string, change: Partial<ResolvedCluster>, path: string, message: RegExp][] = [
        [
            "a version that is none",
            { kubernetesVersion: "latest" },
            "kubernetesVersion",
            /is not a Kubernetes version.*"1.36"/,
        ],
        ["one with a v", { kubernetesVersion: "v1.36" }, "kubernetesVersion", /is not a Kubernetes version/],
        [
            "a version that AKS does not support",
            { kubernetesVersion: "1.33" },
            "kubernetesVersion",
            /support ended on 2026-07-31.*expected one of .*1\.36.*Set kubernetesVersion to/,
        ],
        [
            "a pinned patch that AKS would move",
            { kubernetesVersion: "1.36.2" },
            "upgradeChannel",
            /lets AKS upgrade the patch.*Set kubernetesVersion to "1.36"/,
        ],
        [
            "an egress pool in one zone",
            { egressPool: { ...pool("egress"), zones: ["1"] } },
            "egressPool.zones",
            /in one zone, so the failure of one zone would stop all egress/,
        ],
        [
            "an egress pool with one node",
            { egressPool: { ...pool("egress"), minNodes: 1 } },
            "egressPool.minNodes",
            /leaves all egress traffic to one node/,
        ],
        [
            "one system node",
            { systemPool: { ...pool("system"), minNodes: 1 } },
            "systemPool.minNodes",
            /at least 2 nodes/,
        ],
        [
            "small system nodes",
            { systemPool: { ...pool("system"), vmSize: "Standard_D2ds_v5" } },
            "systemPool.vmSize",
            /has 2 vCPUs.*at least 4/,
        ],
        ["logs without a cap", { logDailyCapGb: 0 }, "logDailyCapGb", /gigabytes above 0/],
        ["a registry by its host", { registryIds: ["acme.azurecr.io"] }, "registryIds[0]", /az acr show/],
        ["an administrator by name", { clusterAdmins: ["alice"] }, "clusterAdmins[0]", /not an Entra ID object id/],
        [
            "a revision of the add-on that has ended",
            { addon: { ...addon, revision: "asm-1-29" } },
            "addon.revision",
            /asm-1-29" is no longer supported.*Set revision to "asm-1-30"/,
        ],
        [
            "a zone twice",
            { systemPool: { ...pool("system"), zones: ["1", "1"] } },
            "systemPool.zones[1]",
            /already|duplicate/,
        ],
        ["a zone that is none", { systemPool: { ...pool("system"), zones: ["a"] } }, "systemPool.zones[0]", /is no/],
        [
            "fewer nodes at most than at least",
            { systemPool: { ...pool("system"), maxNodes: 1 } },
            "systemPool.maxNodes",
            /is less than minNodes \(2\)/,
        ],
        ["a size that is none", { userPools: [{ ...pool("apps"), vmSize: "large" }] }, "userPools[0].vmSize", /size/],
        ["a name that is none", { userPools: [pool("my-apps")] }, "userPools[0].name", /1 to 12 lower-case/],
        ["a name twice", { userPools: [pool("egress")] }, "userPools[0].name", /already the name of egressPool/],
        ["pods where services are", { podRange: "10.0.0.0/14" }, "serviceRange", /overlaps with podRange/],
        ["a range of services that AKS does not take", { serviceRange: "11.0.0.0/8" }, "serviceRange", /\/12 to \/27/],
        [
            "a private cluster with authorised ranges",
            { authorizedIpRanges: ["203.0.113.0/24"] },
            "authorizedIpRanges",
            /private cluster has no public address/,
        ],
        [
            "authorised ranges without one",
            { access: "authorizedRanges" },
            "authorizedIpRanges",
            /nobody could reach the API server/,
        ],
        [
            "an authorised range that is none",
            { access: "authorizedRanges", authorizedIpRanges: ["203.0.113.7"] },
            "authorizedIpRanges[0]",
            /is not a range/,
        ],
        [
            "an open API server with ranges",
            { access: "open", authorizedIpRanges: ["203.0.113.0/24"] },
            "authorizedIpRanges",
            /accepts calls from every address/,
        ],
        [
            "a window that is too short",
            { maintenance: { ...cluster.maintenance, durationHours: 3 } },
            "maintenance.durationHours",
            /from 4 to 24/,
        ],
        ["a day that is none", { maintenance: { ...cluster.maintenance, day: "sunday" } }, "maintenance.day", /Monday/],
        [
            "a time that is none",
            { maintenance: { ...cluster.maintenance, startTime: "2am" } },
            "maintenance.startTime",
            /"02:00"/,
        ],
        [
            "an offset that is none",
            { maintenance: { ...cluster.maintenance, utcOffset: "CET" } },
            "maintenance.utcOffset",
            /"\+01:00"/,
        ],
        ["logs that are not kept", { logRetentionDays: 7 }, "logRetentionDays", /from 30 to 730/],
        ["an add-on's revision that is none", { addon: { ...addon, revision: "1.29" } }, "addon.revision", /asm-1-30/],
        [
            "a name that the add-on would cut",
            { addon: { ...addon, gatewayName: "istio-egress" } },
            "addon.gatewayName",
            /not starting with istio-/,
        ],
        [
            "gateway nodes that scale",
            { egressPool: { ...pool("egress"), maxNodes: 3 }, addon },
            "addon.egressPrefixLength",
            /does not scale it while it is a gateway/,
        ],
        [
            "more gateway nodes than addresses",
            { egressPool: { ...pool("egress"), minNodes: 5, maxNodes: 5 }, addon },
            "addon.egressPrefixLength",
            /no more than the 4 addresses/,
        ],
        [
            "no address for the gateway node that an upgrade adds",
            { egressPool: { ...pool("egress"), minNodes: 4, maxNodes: 4 }, addon },
            "addon.egressPrefixLength",
            /an upgrade adds 1; expected .* no more than the 4 addresses/,
        ],
        [
            "no addresses for those that a larger surge adds",
            { maxSurge: "100%", egressPool: { ...pool("egress"), minNodes: 3, maxNodes: 3 }, addon },
            "addon.egressPrefixLength",
            /an upgrade adds 3/,
        ],
        [
            "a system disk that holds no image",
            { systemPool: { ...pool("system"), osDiskGb: 10 } },
            "systemPool.osDiskGb",
            /30 to 2048/,
        ],
        ["the add-on behind a firewall", { addon, routed: true }, "addon", /routes send all traffic of its nodes/],
    ];
    for (const [what, change, path, message] of bad) {
        it(`refuses ${what}`, () => {
            const violations = validateCluster({ ...cluster, ...change });
            assert.deepEqual(
                violations.map((violation) => violation.path),
                [path],
            );
            assert.match(explain(violations[0]), message);
        });
    }
});

describe("the profiles of a cluster", () => {
    it("have Azure's overlay, and a policy engine that goes with the data plane", () => {
        const { networkPlugin, networkPluginMode, networkDataplane, networkPolicy } = networkProfile(cluster);
        assert.deepEqual(
            [networkPlugin, networkPluginMode, networkDataplane, networkPolicy],
            ["azure", "overlay", "cilium", "cilium"],
        );
        assert.equal(networkProfile({ ...cluster, networkPolicy: "calico" }).networkDataplane, "azure");
    });

    it("have a DNS server among the services, whatever their range", () => {
        fc.assert(
            fc.property(fc.integer({ min: 12, max: 27 }), fc.nat(), (length, at) => {
                const size = 2 ** (32 - length);
                const range = formatRange({ family: 4, length, start: BigInt((at * size) % 2 ** 32) });
                const { start } = parseRange(range)!;
                assert.equal(parseRange(`${dnsServiceAddress(range)}/32`)!.start, start + 10n);
            }),
        );
    });

    it("name ranges only where they are asked for, and never let commands go around them", () => {
        assert.deepEqual(apiServerAccessProfile(cluster), {
            enableVnetIntegration: true,
            enablePrivateCluster: true,
            enablePrivateClusterPublicFQDN: true,
            disableRunCommand: true,
        });
        const authorizedIpRanges = ["203.0.113.0/24"];
        const profile = apiServerAccessProfile({ ...cluster, access: "authorizedRanges", authorizedIpRanges });
        assert.equal(profile.enablePrivateCluster, false);
        assert.deepEqual((profile as { authorizedIPRanges?: string[] }).authorizedIPRanges, authorizedIpRanges);
    });
});
