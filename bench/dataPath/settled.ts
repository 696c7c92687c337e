import { existsSync, readFileSync } from "node:fs";
import { cgroupName } from "../../lab/cluster/cgroups";

/** Share of the machine that may go to what is no part of the lab while something is measured. */
const MOST_ELSEWHERE = 0.1;
const TRIES = 3;

/** Measures again, a few times, where something outside of the lab took much of the machine meanwhile. */
export async function settledBy<T>(measure: () => Promise<T>, tell: (line: string) => void): Promise<T> {
    for (let left = TRIES; ; left--) {
        const before = processorTime();
        const result = await measure();
        const after = processorTime();
        const elsewhere = (after.busy - after.lab - (before.busy - before.lab)) / (after.all - before.all);
        if (elsewhere <= MOST_ELSEWHERE) {
            return result;
        }
        const percent = `${Math.round(elsewhere * 100)} % of the machine went elsewhere`;
        if (left === 1) {
            tell(`kept although ${percent}`);
            return result;
        }
        tell(`measured again: ${percent}`);
    }
}

/** Seconds of all cores: in all, in use, and in use by the lab. */
function processorTime(): { all: number; busy: number; lab: number } {
    const times = readFileSync("/proc/stat", "utf8").split("\n")[0].trim().split(/\s+/).slice(1, 9).map(Number);
    const all = times.reduce((sum, one) => sum + one, 0) / 100;
    const [, , , idle, waiting] = times;
    return { all, busy: all - (idle + waiting) / 100, lab: labTime() };
}

function labTime(): number {
    const v1 = `/sys/fs/cgroup/cpuacct/${cgroupName}/cpuacct.usage`;
    if (existsSync(v1)) {
        return Number(readFileSync(v1, "utf8")) / 1e9;
    }
    const v2 = readFileSync(`/sys/fs/cgroup/${cgroupName}/cpu.stat`, "utf8");
    return Number(/^usage_usec (\d+)$/m.exec(v2)?.[1]) / 1e6;
}
