import { readdirSync, readFileSync } from "node:fs";

/** A process that stays the same process even after its number is used again. */
export interface ProcessId {
    pid: number;
    /** Clock ticks from boot to its start, field 22 of /proc/<pid>/stat; none if it ended before that could be read. */
    startTime?: number;
}

const ticksPerSecond = 100;

/** The start time in a line of /proc/<pid>/stat, or undefined for a process that has ended. */
export function parseStat(stat: string): number | undefined {
    // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    return state === "Z" || state === "X" ? undefined : Number(fields[19]);
}

export function startTimeOf(pid: number): number | undefined {
    const stat = readText(`/proc/${pid}/stat`);
    return stat === undefined ? undefined : parseStat(stat);
}

export function isAlive({ pid, startTime }: ProcessId): boolean {
    return startTime !== undefined && startTimeOf(pid) === startTime;
}

export function uptimeSeconds({ startTime = 0 }: ProcessId): number {
    const sinceBoot = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    return Math.max(0, Math.round(sinceBoot - startTime / ticksPerSecond));
}

export function programOf(pid: number): string {
    return readText(`/proc/${pid}/comm`)?.trim() ?? "a process that has just ended";
}

export function allPids(): number[] {
    return readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number);
}

/** The text of a file that may vanish or be somebody else's. */
export function readText(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
}
