import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { Output } from "../../lab/command";
import { UserFolder } from "./userFolder";

/** When an update is killed: at a line of its output, when something is so, or after a time. */
export type KillPoint = { says: RegExp } | { when: () => Promise<boolean> } | { afterMilliseconds: number };

export interface KilledUpdate {
    /** False where the update ended before the point was reached. */
    killed: boolean;
    output: string;
}

/** Milliseconds between two looks at whether something is so. */
const LOOK = 50;

/**
 * Runs `pulumi up`, or `pulumi destroy`, in a folder and ends its engine with `kill -9` at a point. The engine's helpers (language host, program,
 * plugins) are left to notice that by themselves, as on a machine where the engine ran out of memory; what is still there
 * when the output ends is killed too: a program that has lost its engine was seen to go on with a whole core.
 */
export async function killUpdate(
    user: UserFolder,
    point: KillPoint,
    command: "up" | "destroy" = "up",
): Promise<KilledUpdate> {
    const child = user.start("pulumi", [command, "--yes", "--skip-preview", "--non-interactive"]);
    let output = "";
    let killed = false;
    const kill = () => {
        killed ||= child.exitCode === null && child.kill("SIGKILL");
    };
    const look = async (when: () => Promise<boolean>) => {
        while (!killed && child.exitCode === null && !(await when().catch(() => false))) {
            await new Promise((resolve) => setTimeout(resolve, LOOK));
        }
        kill();
    };
    const timer = "afterMilliseconds" in point ? setTimeout(kill, point.afterMilliseconds) : undefined;
    const looking = "when" in point ? look(point.when) : undefined;
    for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk: Buffer) => {
            output += chunk.toString("utf8");
            if ("says" in point && point.says.test(output)) {
                kill();
            }
        });
    }
    await once(child, "close");
    clearTimeout(timer);
    await looking;
    end(-(child.pid as number));
    endProcessesIn(user.folder);
    return { killed, output };
}

/** What a user of a clone does after that: `mesh-egress recover`, and the update again. Gives what both said. */
export async function recoverAndUpdate(user: UserFolder, stack: string): Promise<{ recover: Output; up: Output }> {
    const recover = await user.attempt(`npm run --silent recover -- --stack ${stack} --yes`);
    const up = await user.attempt("pulumi up --yes --skip-preview");
    return { recover, up };
}

/** Ends a process, or with a negative number a process group. */
function end(pid: number): void {
    try {
        process.kill(pid, "SIGKILL");
    } catch {
        // It has ended.
    }
}

/** Ends what works in the user's folder, which the language host starts in process groups of their own. */
function endProcessesIn(folder: string): void {
    for (const pid of readdirSync("/proc").map(Number)) {
        if (pid > 0 && `${workingFolder(pid)}${sep}`.startsWith(`${folder}${sep}`)) {
            end(pid);
        }
    }
}

function workingFolder(pid: number): string {
    try {
        return readlinkSync(`/proc/${pid}/cwd`);
    } catch {
        return ""; // It has ended.
    }
}
