import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageJson } from "./schema";

/*
 * The archives of the plugin for a release on GitHub, in a folder: npx tsx scripts/pluginArchives.ts FOLDER. The engine looks for
 * one with its own system and processor in the name. They are all the same, because the package is JavaScript.
 */

const ROOT = join(__dirname, "..");

/** The systems and processors of Pulumi's own plugins. */
const PLATFORMS = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"];

/** The names of the archives, as the engine asks for them. */
export function archiveNames({ name, version }: { name: string; version: string } = packageJson()): string[] {
    return PLATFORMS.map((platform) => `pulumi-resource-${name}-v${version}-${platform}.tar.gz`);
}

/**
 * Unpacks the package into the folder of a plugin. Its manifest loses the list of what developers need: npm would install one
 * of them, the TypeScript compiler, for users, because Pulumi's SDK names it as an optional peer.
 */
export function unpackPlugin(packed: string, folder: string): void {
    mkdirSync(folder, { recursive: true });
    execFileSync("tar", ["-xzf", packed, "-C", folder, "--strip-components=1"]);
    const file = join(folder, "package.json");
    const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Packs the package as npm does, with its PulumiPlugin.yaml at the top of each archive. */
export function makeArchives(folder: string): string[] {
    mkdirSync(folder, { recursive: true });
    const work = mkdtempSync(join(tmpdir(), "mesh-egress-archives-"));
    try {
        const packed = JSON.parse(
            execFileSync("npm", ["pack", "--json", "--silent", "--ignore-scripts", "--pack-destination", work], {
                cwd: ROOT,
                encoding: "utf8",
            }),
        ) as { filename: string }[];
        const content = join(work, "plugin");
        unpackPlugin(join(work, packed[0].filename), content);
        const [first, ...others] = archiveNames().map((name) => join(folder, name));
        execFileSync("tar", ["-czf", first, "-C", content, "."]);
        others.forEach((other) => cpSync(first, other));
        return [first, ...others];
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

if (require.main === module) {
    const folder = process.argv[2];
    if (!folder) {
        console.error("Give the folder for the archives: npx tsx scripts/pluginArchives.ts FOLDER");
        process.exitCode = 2;
    } else {
        makeArchives(folder).forEach((file) => console.log(file));
    }
}
