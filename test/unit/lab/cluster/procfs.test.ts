import assert from "node:assert/strict";
import { isAlive, parseStat, startTimeOf } from "../../../../lab/cluster/procfs";

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
