import assert from "node:assert/strict";
import type { Machine } from "../../../../lab/cluster/preflight";
import { describeProblems as inWords, isDebian, isGoNewEnough, problemsOf } from "../../../../lab/cluster/preflight";

const good: Machine = {
    platform: "linux",
    architecture: "x64",
    osRelease: "NAME=Debian\nID=debian\n",
    isRoot: true,
    missingPackages: [],
    toBuild: [],
    go: "go1.26.8 linux amd64",
    freeBytes: [{ folder: "/var/lib", free: 20e9, need: 2e9 }],
    freeMemory: 8e9,
    taken: [],
    ranges: [{ interface: "eth0", range: "192.168.1.7/24" }],
    foreignChains: [],
};

const found = (change: Partial<Machine>) => problemsOf({ ...good, ...change });

describe("the lab's preflight", () => {
    it("has nothing to say about a good machine", () => assert.deepEqual(problemsOf(good), []));

    it("says only that Linux is needed elsewhere, for nothing else matters then", () => {
        const problems = found({ platform: "darwin", isRoot: false, toBuild: ["kubelet"], go: undefined });
        assert.equal(problems.length, 1);
        assert.match(problems[0].what, /Linux/);
    });

    it("tells an ordinary user how to be root", () => {
        const [problem] = found({ isRoot: false });
        assert.match(problem.fix, /sudo/);
    });

    it("installs missing packages on Debian, and names them elsewhere", () => {
        assert.deepEqual(found({ missingPackages: ["socat"] }), []);
        const [problem] = found({ missingPackages: ["socat"], osRelease: "ID=fedora\n" });
        assert.match(problem.found, /socat/);
        assert.match(problem.fix, /apt-get install .*socat/);
    });

    it("wants Go only when something must be built", () => {
        assert.deepEqual(found({ go: undefined }), []);
        const [problem] = found({ go: undefined, toBuild: ["kubelet"] });
        assert.match(problem.what, /Go .*kubelet/);
    });

    it("names a Go that is too old", () => {
        const [problem] = found({ go: "go1.19.8 linux amd64", toBuild: ["kubelet"] });
        assert.match(problem.found, /go1\.19\.8/);
    });

    it("repeats what the registry said when it can't be reached", () => {
        const [problem] = found({ registryError: "dial tcp: no route to host", toBuild: ["kubelet"] });
        assert.equal(problem.found, "dial tcp: no route to host");
    });

    it("does not want the registry when no program must be built", () => {
        assert.deepEqual(found({ registryError: "no route", toBuild: ["images"] }), []);
    });

    it("names the port, the component that wants it and the process that has it", () => {
        const holder = { pid: 812, program: "k3s" };
        const [problem] = found({ taken: [{ address: "10.213.0.1", port: 6443, process: "kube-apiserver", holder }] });
        assert.match(problem.what, /6443.*kube-apiserver/);
        assert.match(problem.found, /812 \(k3s\)/);
    });

    it("says what is free and what is needed on a full disk", () => {
        const [problem] = found({ freeBytes: [{ folder: "/var/lib", free: 0.5e9, need: 2e9 }] });
        assert.match(problem.what, /2\.0 GB/);
        assert.match(problem.found, /0\.5 GB/);
    });

    it("sees a network of the machine that holds the lab's addresses", () => {
        const [problem] = found({ ranges: [{ interface: "vpn0", range: "10.214.7.1/20" }] });
        assert.match(problem.found, /vpn0/);
    });

    it("leaves the machine of another Kubernetes alone", () => {
        assert.equal(found({ foreignChains: ["nat KUBE-SERVICES"] }).length, 1);
    });

    it("reports everything at once, and that nothing was changed", () => {
        const text = inWords(found({ isRoot: false, freeMemory: 1e8 }));
        assert.match(text, /nothing was changed/);
        assert.match(text, /root[^]*memory/);
    });

    it("takes Debian's children for Debian", () => {
        assert.ok(isDebian('ID=ubuntu\nID_LIKE="debian"\n'));
        assert.ok(!isDebian("ID=alpine\n"));
    });

    it("compares Go's versions as numbers", () => {
        assert.ok(isGoNewEnough("go1.100.0"));
        assert.ok(!isGoNewEnough("go1.3"));
    });
});
