import assert from "node:assert/strict";
import { endpointOf, overlaps } from "../../../lab/cluster/addresses";
import { tokenLines } from "../../../lab/cluster/credentials";
import { chainsIn, parseSave, removal } from "../../../lab/cluster/firewall";
import { mountsWithin } from "../../../lab/cluster/mounts";
import { parseAddresses } from "../../../lab/cluster/network";
import { parseSockets, takenPorts } from "../../../lab/cluster/ports";
import { isAlive, parseStat, startTimeOf } from "../../../lab/cluster/procfs";
import { duration } from "../../../lab/cluster/status";

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

describe("finding who holds a port", () => {
    const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    const row = (address: string, state: string) =>
        `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 4711 1\n`;
    const kubelet = { address: "10.213.0.1", port: 10250, process: "kubelet" };

    it("reads the kernel's table", () => {
        const [socket] = parseSockets(header + row("0100007F:1F90", "0A"));
        assert.deepEqual(socket, { address: "127.0.0.1", port: 8080, inode: "4711" });
    });

    it("reads IPv4 addresses in the table of IPv6", () => {
        const [socket] = parseSockets(header + row("0000000000000000FFFF00000100007F:1F90", "0A"));
        assert.equal(socket.address, "127.0.0.1");
    });

    it("ignores sockets that do not listen", () => {
        assert.deepEqual(parseSockets(header + row("0100007F:1F90", "01")), []);
    });

    it("takes a listener on every address for a conflict, and one on another address for none", () => {
        const open = (address: string) => [{ address, port: 10250, inode: "1" }];
        assert.equal(takenPorts([kubelet], open("0.0.0.0")).length, 1);
        assert.equal(takenPorts([kubelet], open("::")).length, 1);
        assert.equal(takenPorts([kubelet], open("10.213.0.1")).length, 1);
        assert.equal(takenPorts([kubelet], open("127.0.0.1")).length, 0);
    });
});

describe("knowing a process again", () => {
    const stat = (name: string, state: string) => `42 (${name}) ${state} 1 ${"0 ".repeat(17)}98765 0 0`;

    it("reads the start time past a name with spaces and parentheses", () => {
        assert.equal(parseStat(stat("tmux: (1) x", "S")), 98765);
    });

    it("takes a zombie for ended", () => assert.equal(parseStat(stat("etcd", "Z")), undefined));

    it("does not take another process with the same number for it", () => {
        const startTime = startTimeOf(process.pid)!;
        assert.ok(isAlive({ pid: process.pid, startTime }));
        assert.ok(!isAlive({ pid: process.pid, startTime: startTime - 1 }));
    });

    it("takes one that ended before its start could be noted for ended", () => {
        assert.ok(!isAlive({ pid: 2 ** 30 }));
    });
});

describe("finding the lab's mounts", () => {
    it("gives the deepest first, decoded, and no neighbours with a similar name", () => {
        const mounts = "a /x/lab t\nb /x/lab/a\\040b t\nc /x/lab/a\\040b/c t\nd /x/lab2/d t\n";
        assert.deepEqual(mountsWithin(mounts, ["/x/lab"]), ["/x/lab/a b/c", "/x/lab/a b", "/x/lab"]);
    });
});

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

describe("the lab's tokens", () => {
    it("are one line a user, with the groups quoted", () => {
        const users = [
            { file: "a", name: "admin", groups: ["system:masters", "b"], token: "t1" },
            { file: "p", name: "proxy", token: "t2" },
        ];
        assert.equal(tokenLines(users), 't1,admin,admin,"system:masters,b"\nt2,proxy,proxy\n');
    });
});

describe("a duration", () => {
    it("is in the largest useful unit", () => {
        assert.deepEqual([59, 61, 3660].map(duration), ["59 s", "1 min", "1 h 1 min"]);
    });
});
