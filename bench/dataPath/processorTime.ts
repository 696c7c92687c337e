import { existsSync, readFileSync } from "node:fs";
import { cgroupName } from "../../lab/cluster/cgroups";

/** Seconds of all cores: in all, in use, and in use by the lab. */
export function processorTime(): { all: number; busy: number; lab: number } {
    const times = readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1, 9).map(Number);
    const all = times.reduce((sum, one) => sum + one, 0) / 100;
    const [, , , idle, waiting] = times;
    return { all, busy: all - (idle + waiting) / 100, lab: labTime() };
}

/** Seconds of processors that the lab has used. */
export function labTime(): number {
    const v1 = `/sys/fs/cgroup/cpuacct/${cgroupName}/cpuacct.usage`;
    if (existsSync(v1)) {
        return Number(readFileSync(v1, "utf8")) / 1e9;
    }
    const v2 = readFileSync(`/sys/fs/cgroup/${cgroupName}/cpu.stat`, "utf8");
    return Number(/^usage_usec (\d+)$/m.exec(v2)?.[1]) / 1e6;
}
