import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { command } from "../../lab/command";
import { packageJson } from "../../scripts/schema";

const ROOT = join(__dirname, "../..");

/** The package as its users get it. */
export interface Packed {
    /** The tarball. */
    file: string;
    /** A project that has the tarball installed, and beside it what the package says it depends on and nothing else. */
    project: string;
    /** The package in there. */
    folder: string;
}

let packing: Promise<Packed> | undefined;

/** Builds and packs the package, once for all tests of a run. */
export function packed(): Promise<Packed> {
    return (packing ??= pack());
}

after(async () => {
    const { project } = (await packing?.catch(() => undefined)) ?? {};
    if (project) await rm(project, { recursive: true });
});

async function pack(): Promise<Packed> {
    const project = await mkdtemp(join(tmpdir(), "mesh-egress-packed-"));
    const { name, version, dependencies } = packageJson();
    await command("npm", ["pack", "--silent", "--pack-destination", project], { cwd: ROOT });
    const file = join(project, `${name}-${version}.tgz`);
    const folder = join(project, "node_modules", name);
    await mkdir(folder, { recursive: true });
    await command("tar", ["-xzf", file, "-C", folder, "--strip-components=1"]);
    for (const dependency of Object.keys(dependencies)) {
        const link = join(project, "node_modules", dependency);
        await mkdir(dirname(link), { recursive: true });
        await symlink(join(ROOT, "node_modules", dependency), link);
    }
    return { file, project, folder };
}
