import assert from "node:assert/strict";
import { endpointOf, overlaps } from "../../../../lab/cluster/addresses";
import { parseAddresses } from "../../../../lab/cluster/network";

describe("the lab's addresses", () => {
    it("overlap when one range holds the other", () => {
        assert.ok(overlaps("10.214.0.0/16", "10.214.9.1/24"));
        assert.ok(overlaps("10.214.9.1/24", "10.0.0.0/8"));
        assert.ok(!overlaps("10.214.0.0/16", "10.213.0.1/16"));
        assert.ok(overlaps("0.0.0.0/0", "10.214.0.1"));
    });

    it("are written with their port", () => {
        assert.equal(endpointOf({ address: "127.0.0.1", port: 1, process: "x" }), "127.0.0.1:1");
    });

    it("are read from the machine's interfaces", () => {
        const json = '[{"ifname":"eth0","addr_info":[{"local":"10.0.0.2","prefixlen":24}]}]';
        assert.deepEqual(parseAddresses(json), [{ interface: "eth0", range: "10.0.0.2/24" }]);
    });
});
