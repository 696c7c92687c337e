import assert from "node:assert/strict";
import { parseSockets, takenPorts } from "../../../../lab/cluster/ports";

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
