import { arch, cpus, platform, release, totalmem } from "node:os";
import { command } from "../lab/command";

/** The machine of a result, as far as its figures depend on it. */
export interface Machine {
    cores: number;
    processor: string;
    memoryGigabytes: number;
    system: string;
    node: string;
}

export function thisMachine(): Machine {
    return {
        cores: cpus().length,
        processor: cpus()[0]?.model.trim() ?? arch(),
        memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
        system: `${platform()} ${release()}`,
        node: process.versions.node,
    };
}

/** Whether times of both can be compared. */
export function isSameKind(one: Machine, other: Machine): boolean {
    return (
        one.cores === other.cores && one.processor === other.processor && one.memoryGigabytes === other.memoryGigabytes
    );
}

/** What runs write themselves. */
const KEPT = ["bench/results.json", "docs/bench", "chaos/results.json", "docs/reliability.md"];

/** The measured commit, and whether the folder has changes that are not in it, other than the results that runs keep. */
export async function thisCommit(): Promise<string> {
    const git = (...args: string[]) => command("git", args, { cwd: __dirname });
    const commit = (await git("rev-parse", "--short", "HEAD")).trim();
    const changed = (
        await git(
            "status",
            "--porcelain",
            "--untracked-files=no",
            "--",
            "..",
            ...KEPT.map((file) => `:(exclude)../${file}`),
        )
    ).trim();
    return changed === "" ? commit : `${commit}, with changes`;
}
