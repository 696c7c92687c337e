import assert from "node:assert/strict";
import { ResolvedAks, resolvedAks, validateAksEnvironment } from "../../../../plan/environment/aksEnvironment";
import { resolvedNetwork } from "../../../../plan/azure/resolvedNetwork";
import { explain } from "../../../../plan/shared/violation";
import { clusterOptions, pool } from "../../../support/aks";

const good: ResolvedAks = {
    location: "westeurope",
    adminGroup: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    network: resolvedNetwork({ connectedElsewhere: true }),
    cluster: {
        ...clusterOptions,
        systemPool: pool("system", 4),
        userPools: [pool("apps", 4)],
        egressPool: pool("egress", 4),
        routed: true,
    },
    partner: {
        machine: { hosts: ["mtls.partner.example"], addressRange: "10.250.0.0/28" },
        zone: { zoneName: "partner.example", hosts: ["mtls.partner.example"], ttlSeconds: 300 },
    },
};

describe("validateAksEnvironment", () => {
    it("accepts a good one, with and without a partner", () => {
        assert.deepEqual(validateAksEnvironment(good), []);
        assert.deepEqual(validateAksEnvironment({ ...good, partner: undefined }), []);
    });

    const { network, cluster, partner } = good;
    const bad: [what: string, change: Partial<ResolvedAks>, path: string, message: RegExp][] = [
        [
            "a private API server that nobody reaches",
            { network: resolvedNetwork({}) },
            "cluster.access",
            /has no connection.*network\.peerings/,
        ],
        [
            "pods where the network is",
            { cluster: { ...cluster, podRange: "10.64.128.0/17" } },
            "cluster.podRange",
            /overlaps with network.addressSpace \(10.64.0.0\/16\)/,
        ],
        [
            "services where the network is",
            { network: { ...network, addressSpace: "10.0.0.0/16" } },
            "cluster.serviceRange",
            /overlaps with network.addressSpace/,
        ],
        [
            "more nodes than addresses",
            {
                network: { ...network, subnets: { nodes: "10.64.0.0/27" } },
                cluster: { ...cluster, userPools: [{ ...pool("apps"), maxNodes: 25 }] },
            },
            "network.subnets.nodes",
            /has 27 addresses for nodes, but its pools need up to 33 .*at least 38 addresses/,
        ],
        [
            "more egress nodes than addresses",
            {
                network: { ...network, subnets: { egress: "10.64.200.0/28" } },
                cluster: { ...cluster, egressPool: { ...pool("egress"), maxNodes: 11 } },
            },
            "network.subnets.egress",
            /has 11 addresses for nodes, but its pools need up to 13/,
        ],
        ["an administrator by name", { adminGroup: "platform-team" }, "adminGroup", /not an Entra ID object id/],
        [
            "the group of nobody",
            { adminGroup: "00000000-0000-0000-0000-000000000000" },
            "adminGroup",
            /az ad group show/,
        ],
        [
            "what its network refuses",
            { network: { ...network, egressPrefixLength: 24 } },
            "network.egressPrefixLength",
            /28 to 31/,
        ],
        [
            "what its cluster refuses",
            { cluster: { ...cluster, logRetentionDays: 1 } },
            "cluster.logRetentionDays",
            /30 to 730/,
        ],
        [
            "a partner's host outside of its zone",
            {
                partner: {
                    machine: { ...partner!.machine, hosts: ["other.example"] },
                    zone: { ...partner!.zone!, hosts: ["other.example"] },
                },
            },
            "partner.hosts[0]",
            /not in the zone/,
        ],
        [
            "a partner's host that is none, once",
            {
                partner: {
                    machine: { ...partner!.machine, hosts: ["*.partner.example"] },
                    zone: { ...partner!.zone!, hosts: ["*.partner.example"] },
                },
            },
            "partner.hosts[0]",
            /wildcard/,
        ],
    ];
    it("lets the nodes pull from a registry through the firewall, at both of its hosts", () => {
        const registry = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/acme1";
        const pool = { vmSize: "Standard_D4ds_v5", minNodes: 2 };
        const resolved = (outboundControl: "firewall" | "open") =>
            resolvedAks(
                {
                    location: "westeurope",
                    adminGroup: good.adminGroup,
                    network: { outboundControl, connectedElsewhere: true },
                    cluster: { kubernetesVersion: "1.36", systemPool: pool, egressPool: pool, registryIds: [registry] },
                },
                {},
            );
        assert.deepEqual(resolved("firewall").network.allowedFqdns, [
            "acme1.azurecr.io",
            "acme1.westeurope.data.azurecr.io",
        ]);
        assert.deepEqual(resolved("open").network.allowedFqdns, []);
        assert.deepEqual(validateAksEnvironment(resolved("firewall")), []);
        assert.deepEqual(validateAksEnvironment(resolved("open")), []);
    });

    for (const [what, change, path, message] of bad) {
        it(`refuses ${what}`, () => {
            const violations = validateAksEnvironment({ ...good, ...change });
            assert.deepEqual(
                violations.map((violation) => violation.path),
                [path],
            );
            assert.match(explain(violations[0]), message);
        });
    }
});
