import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "../errors";
import { joinFile } from "./cgroups";
import { logFolder, runFolder } from "./places";
import type { ProcessId } from "./procfs";
import { isAlive, readText, startTimeOf } from "./procfs";
import { until } from "./wait";

export interface Daemon {
    name: string;
    program: string;
    args: string[];
    /** Whether it answers; asked until it does. */
    ready: () => boolean | Promise<boolean>;
    /** Time limit: twenty times what an idle machine needs. */
    seconds?: number;
}

const records = join(runFolder, "processes");
const recordOf = (name: string) => join(records, `${name}.json`);
export const logOf = (name: string): string => join(logFolder, `${name}.log`);

/** The recorded process of a component, alive or not. */
export function recorded(name: string): ProcessId | undefined {
    const text = readText(recordOf(name));
    return text === undefined ? undefined : (JSON.parse(text) as ProcessId);
}

export function isRunning(name: string): boolean {
    const process = recorded(name);
    return process !== undefined && isAlive(process);
}

export function recordedNames(): string[] {
    try {
        return readdirSync(records).map((file) => file.replace(/\.json$/, ""));
    } catch {
        return [];
    }
}

/** Starts a component unless it runs already, and waits until it answers. */
export async function ensureRunning(daemon: Daemon): Promise<void> {
    if (!isRunning(daemon.name)) start(daemon);
    const { seconds = 60 } = daemon;
    let ended = false;
    const answered = await until(async () => {
        if (await daemon.ready()) return true;
        ended = !isRunning(daemon.name);
        return ended;
    }, seconds);
    if (ended) throw new LabError(`${daemon.name} ended while it started.\n${logTail(daemon.name)}`);
    if (!answered) throw new LabError(`${daemon.name} does not answer after ${seconds} s.\n${logTail(daemon.name)}`);
}

function start({ name, program, args }: Daemon): void {
    mkdirSync(records, { recursive: true, mode: 0o700 });
    mkdirSync(logFolder, { recursive: true, mode: 0o700 });
    const log = openSync(logOf(name), "w", 0o600);
    // It joins the lab's control group before it becomes the component, so that every descendant is in it too.
    const child = spawn("/bin/sh", ["-c", `echo $$ > ${joinFile()} && exec "$@"`, "sh", program, ...args], {
        detached: true,
        stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.unref();
    if (child.pid === undefined) throw new LabError(`${name} could not be started: ${program}`);
    writeFileSync(recordOf(name), JSON.stringify({ pid: child.pid, startTime: startTimeOf(child.pid) }));
}

/** The end of a component's log, and where the rest is. */
export function logTail(name: string, lines = 15): string {
    const text = readText(logOf(name))?.trim() ?? "";
    const tail = text.split("\n").slice(-lines).join("\n");
    return `Its log, ${logOf(name)}, ends with:\n${tail || "(nothing)"}`;
}

/** Ends a component by its record: with SIGTERM, and with SIGKILL after a while. */
export async function stop(name: string): Promise<void> {
    const process = recorded(name);
    if (process) await end(process);
    rmSync(recordOf(name), { force: true });
}

export async function end(process: ProcessId): Promise<void> {
    signal(process, "SIGTERM");
    if (await until(() => !isAlive(process), 10)) return;
    signal(process, "SIGKILL");
    await until(() => !isAlive(process), 10);
}

export function signal(target: ProcessId, name: NodeJS.Signals): void {
    if (!isAlive(target)) return;
    try {
        process.kill(target.pid, name);
    } catch {
        // It ended by itself in between.
    }
}

/** Identifier of the machine's boot. Process records of an earlier boot are not valid. */
export const bootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
