import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../lab/command";
import { takeDownLater } from "./takeDown";

const ROOT = join(__dirname, "..");

/** A temporary folder, which is removed when the part ends. */
export async function temporaryFolder(what: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), `mesh-egress-bench-${what}-`));
    takeDownLater(() => rm(folder, { recursive: true, force: true }));
    return folder;
}

/** Compiles a project into a folder next to this clone's packages, because users run JavaScript. */
export async function compile(project: string, folder: string): Promise<void> {
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    await command(process.execPath, [tsc, "-p", join(ROOT, project), "--outDir", folder]);
}

/** Puts next to compiled code what it reads: the packages that it imports, and this one's schema. */
export async function linkPackages(folder: string): Promise<void> {
    for (const name of ["node_modules", "schema.json"]) {
        await symlink(join(ROOT, name), join(folder, name));
    }
}
