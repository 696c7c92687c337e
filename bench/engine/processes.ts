import { allPids, readText } from "../../lab/cluster/procfs";

/** What the processes of one name have used. */
export interface Usage {
    /** Of the one that had most: its peak, resident. */
    megabytes: number;
    cpuSeconds: number;
}

const TICKS_A_SECOND = 100;
const LOOK_EVERY = 100;

/** Watches a process and those that it starts, by program name. The kernel records the peak, so occasional reads are enough. */
export class ProcessWatch {
    private readonly seen = new Map<number, Usage & { program: string }>();
    private readonly timer: NodeJS.Timeout;

    constructor(private readonly root: number) {
        this.timer = setInterval(() => this.look(), LOOK_EVERY);
    }

    stop(): Record<string, Usage> {
        clearInterval(this.timer);
        const usages: Record<string, Usage> = {};
        for (const { program, megabytes, cpuSeconds } of this.seen.values()) {
            const sum = (usages[program] ??= { megabytes: 0, cpuSeconds: 0 });
            sum.megabytes = Math.max(sum.megabytes, megabytes);
            sum.cpuSeconds += cpuSeconds;
        }
        return usages;
    }

    private look(): void {
        const parents = new Map(allPids().map((pid) => [pid, statOf(pid)?.parent]));
        for (const pid of parents.keys()) {
            if (descends(pid, this.root, parents)) {
                const megabytes = Number(/VmHWM:\s+(\d+)/.exec(readText(`/proc/${pid}/status`) ?? "")?.[1] ?? 0) / 1024;
                const cpuSeconds = cpuSecondsOf(pid);
                const before = this.seen.get(pid);
                this.seen.set(pid, {
                    program: pid === this.root ? "program" : (nameOf(pid) ?? before?.program ?? "unknown"),
                    megabytes: Math.max(before?.megabytes ?? 0, megabytes),
                    cpuSeconds: Math.max(before?.cpuSeconds ?? 0, cpuSeconds),
                });
            }
        }
    }
}

function nameOf(pid: number): string | undefined {
    return readText(`/proc/${pid}/comm`)?.trim();
}

function descends(pid: number, root: number, parents: Map<number, number | undefined>): boolean {
    for (let one: number | undefined = pid; one !== undefined && one > 1; one = parents.get(one)) {
        if (one === root) {
            return true;
        }
    }
    return false;
}

/** User and system time of a process so far; 0 for one that has ended. */
export function cpuSecondsOf(pid: number): number {
    return (statOf(pid)?.ticks ?? 0) / TICKS_A_SECOND;
}

function statOf(pid: number): { parent: number; ticks: number } | undefined {
    const stat = readText(`/proc/${pid}/stat`);
    if (stat === undefined) {
        return undefined;
    }
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}
