import { once } from "node:events";
import { dirname, join } from "node:path";
import { Output } from "../../lab/command";
import { EngineSetup } from "./machine";
import { RepositoryCopy } from "./repositoryCopy";

/** When an update is killed: at a line of its output, or after a time. */
export type KillPoint = { says: RegExp } | { afterMilliseconds: number };

export interface KilledUpdate {
    /** False where the update ended before the point was reached. */
    killed: boolean;
    output: string;
}

/**
 * Runs `pulumi up` in a clone and ends its engine with `kill -9` at a point. The engine's helpers (language host, program,
 * plugins) are left to notice that by themselves, as on a machine where the engine ran out of memory; what is still there
 * when the output ends is killed too.
 */
export async function killUpdate(setup: EngineSetup, clone: RepositoryCopy, point: KillPoint): Promise<KilledUpdate> {
    const engine = join(dirname(setup.engine.command), "pulumi");
    const child = clone.start(engine, ["up", "--yes", "--skip-preview", "--non-interactive"]);
    let output = "";
    let killed = false;
    const kill = () => {
        killed = child.exitCode === null && child.kill("SIGKILL");
    };
    const timer = "afterMilliseconds" in point ? setTimeout(kill, point.afterMilliseconds) : undefined;
    for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk: Buffer) => {
            output += chunk.toString("utf8");
            if (!killed && "says" in point && point.says.test(output)) {
                kill();
            }
        });
    }
    await once(child, "close");
    clearTimeout(timer);
    endGroup(child.pid as number);
    return { killed, output };
}

/** What a user does after that: `mesh-egress recover`, and the update again. Gives what both said. */
export async function recoverAndUpdate(clone: RepositoryCopy, stack: string): Promise<{ recover: Output; up: Output }> {
    const recover = await clone.attempt(`npm run --silent recover -- --stack ${stack} --yes`);
    const up = await clone.attempt("pulumi up --yes --skip-preview");
    return { recover, up };
}

function endGroup(leader: number): void {
    try {
        process.kill(-leader, "SIGKILL");
    } catch {
        // All of it has ended.
    }
}
