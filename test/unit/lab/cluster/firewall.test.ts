import assert from "node:assert/strict";
import { chainsIn, parseSave, removal } from "../../../../lab/cluster/firewall";

const firewall = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
:KUBE-SERVICES - [0:0]
:CNI-0123 - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -j DOCKER
-A POSTROUTING -s 10.214.0.3/32 -m comment --comment "name: \\"mesheg\\" id: \\"x\\"" -j CNI-0123
-A KUBE-SERVICES -d 10.215.0.1/32 -j KUBE-SVC-1
-A DOCKER -i docker0 -j RETURN
COMMIT
`;

describe("removing the lab's firewall rules", () => {
    const saved = parseSave(firewall);

    it("deletes the jumps to its chains before the chains, and nothing of anybody else", () => {
        const lines = removal(saved).trim().split("\n");
        assert.equal(lines[0], "*nat");
        assert.deepEqual(lines.slice(-5), [
            "-F KUBE-SERVICES",
            "-F CNI-0123",
            "-X KUBE-SERVICES",
            "-X CNI-0123",
            "COMMIT",
        ]);
        assert.equal(lines.filter((line) => line.startsWith("-D ")).length, 2);
        assert.doesNotMatch(removal(saved), /DOCKER/);
    });

    it("keeps the chains that were there before the lab, and removes its pods' rules from them", () => {
        const earlier = ["nat CNI-0123"];
        assert.doesNotMatch(removal(saved, earlier), /-[FX] CNI-0123/);
        assert.match(removal(saved, earlier), /-D POSTROUTING -s 10\.214\.0\.3/);
    });

    it("has nothing to do on a clean machine", () => {
        assert.equal(removal(parseSave("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n")), "");
    });

    it("names chains with their table", () => assert.deepEqual(chainsIn(saved), ["nat KUBE-SERVICES", "nat CNI-0123"]));
});
