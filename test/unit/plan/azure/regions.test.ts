import assert from "node:assert/strict";
import { resolvedNetwork } from "../../../../plan/azure/resolvedNetwork";
import { EgressNetworkOptions } from "../../../../plan/azure/networkOptions";
import { validateClusterRegion, validateNetworkRegion } from "../../../../plan/azure/regions";
import { clusterOptions, pool } from "../../../support/aks";

const network = (location: string, options: EgressNetworkOptions = {}, natGateway = true) =>
    validateNetworkRegion(location, resolvedNetwork(options, natGateway));

describe("what regions lack", () => {
    it("is nothing in most of them", () => {
        assert.deepEqual(network("westeurope"), []);
        assert.deepEqual(network("Belgium Central"), []);
        assert.deepEqual(validateClusterRegion("westeurope", clusterOptions), []);
    });

    it("are zone-redundant NAT gateways, so the other product must be asked for", () => {
        for (const location of ["qatarcentral", "Qatar Central"]) {
            const [violation, ...more] = network(location);
            assert.deepEqual([violation.path, more], ["egressSku", []], location);
            assert.match(violation.fix, /egressSku to standard/);
        }
        assert.deepEqual(network("qatarcentral", { egressSku: "standard" }), []);
        assert.deepEqual(network("qatarcentral", {}, false), [], "the add-on has no NAT gateway");
        const existing = { nodes: "n", egress: "e", apiServer: "a", egressPrefix: "198.51.100.0/30" };
        assert.deepEqual(network("qatarcentral", { existingSubnets: existing }), [], "who made it decided");
    });

    it("are zones, so an empty list must be asked for, of the network and of each pool", () => {
        assert.deepEqual(
            network("westus").map(({ path }) => path),
            ["zones"],
        );
        assert.deepEqual(network("westus", { zones: [] }), []);
        assert.deepEqual(
            validateClusterRegion("UK West", clusterOptions).map(({ path }) => path),
            ["systemPool.zones", "userPools[0].zones", "egressPool.zones"],
        );
        const flat = (name: string) => ({ ...pool(name), zones: [] });
        const pools = { systemPool: flat("system"), userPools: [flat("apps")], egressPool: flat("egress") };
        assert.deepEqual(validateClusterRegion("ukwest", pools), []);
        assert.deepEqual(
            validateClusterRegion("uksouth", pools).map(({ path }) => path),
            ["egressPool.zones"],
            "of a region with zones, the egress pool wants some",
        );
    });
});
