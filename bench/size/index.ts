import { lstat, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../../lab/command";
import { temporaryFolder } from "../compiled";
import type { Figure, Part } from "../part";

const ROOT = join(__dirname, "..", "..");
/** The goal of issue 17, for a user who declares routes. */
const MOST = 150;

interface Manifest {
    name: string;
    peerDependencies: Record<string, string>;
}

/** What an installation puts on the disk. */
interface Size {
    packages: number;
    /** The files by their lengths. */
    megabytes: number;
    /** The blocks that the files take, as `du` counts them. */
    onDisk: number;
    /** Packages of Pulumi providers: the engine downloads a plugin for each. */
    plugins: number;
}

export const size: Part = {
    name: "size",
    what: "What `pulumi package add` and `npm install` put on the disk",
    run: async (tell) => {
        const folder = await temporaryFolder("size");
        const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as Manifest;
        tell("packing");
        await command("npm", ["run", "--silent", "build"], { cwd: ROOT });
        // All are the same, whatever system they are for.
        const archives = await command("npm", ["run", "--silent", "plugin:archives", "--", folder], { cwd: ROOT });
        const [archive] = archives.split("\n");
        tell("installing the plugin as the engine does, for routes alone and for everything");
        const routes = await installedPlugin(folder, "routes", archive, []);
        const peers = Object.entries(manifest.peerDependencies).filter(([name]) => name !== "@pulumi/policy");
        const everything = await installedPlugin(
            folder,
            "everything",
            archive,
            peers.map(([name, range]) => `${name}@${range}`),
        );
        tell("installing Pulumi's SDK and its package for Kubernetes");
        const bare = join(folder, "bare");
        await mkdir(bare);
        await writeFile(join(bare, "package.json"), "{}");
        await npmInstall(bare, ["@pulumi/pulumi", "@pulumi/kubernetes"]);
        const alternatives = { everything, "@pulumi/pulumi and @pulumi/kubernetes": await sizeOf(bare) };
        const figure = (id: keyof Size, what: string, unit: Figure["unit"], goal?: Figure["goal"]): Figure => ({
            id,
            what: `${what}, for routes alone`,
            unit,
            ours: routes[id],
            alternatives: Object.fromEntries(Object.entries(alternatives).map(([name, of]) => [name, of[id]])),
            better: "less",
            goal,
        });
        return [
            figure("megabytes", "files of the installed plugin", "MB", { at: "most", value: MOST }),
            figure("onDisk", "disk that they take, as `du` counts it", "MB", { at: "most", value: MOST }),
            figure("packages", "npm packages in it", "count"),
            figure("plugins", "plugins that the engine downloads for it", "count", { at: "most", value: 1 }),
        ];
    },
};

/** A release's archive unpacked, with its dependencies in it: what the engine makes of a folder with a PulumiPlugin.yaml. */
async function installedPlugin(folder: string, name: string, archive: string, more: string[]): Promise<Size> {
    const plugin = join(folder, name);
    await mkdir(plugin);
    await command("tar", ["-xzf", archive, "-C", plugin]);
    await npmInstall(plugin, more);
    return sizeOf(plugin);
}

/** Saved for production: a package that the manifest also names for its developers would else be left out with theirs. */
function npmInstall(folder: string, packages: string[]): Promise<string> {
    const options = [
        "--omit=dev",
        "--save-prod",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--silent",
    ];
    return command("npm", ["install", ...options, ...packages], { cwd: folder });
}

async function sizeOf(folder: string): Promise<Size> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    let bytes = 0;
    let blocks = 0;
    let packages = 0;
    let plugins = 0;
    for (const entry of entries) {
        const { name, parentPath } = entry;
        const found = await lstat(join(parentPath, name));
        blocks += found.blocks;
        if (!entry.isFile()) {
            continue;
        }
        bytes += found.size;
        if (name === "package.json" && /node_modules\/(@[^/]+\/)?[^/]+$/.test(parentPath)) {
            packages++;
            plugins += Number(await isProvider(join(parentPath, name)));
        }
    }
    return {
        packages,
        plugins,
        megabytes: Math.round(bytes / 1e6),
        onDisk: Math.round((blocks * 512) / 1e6),
    };
}

async function isProvider(file: string): Promise<boolean> {
    const { pulumi } = JSON.parse(await readFile(file, "utf8")) as { pulumi?: { resource?: boolean } };
    return pulumi?.resource === true;
}
