import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const load = createRequire(__filename);

/**
 * A module of a package that only some components use, loaded on first use. The package is an optional peer dependency:
 * programs with routes only need neither it nor its plugin.
 */
export function optionalModule<T extends object>(path: string): T {
    return new Proxy({} as T, { get: (_, name) => (loaded(path) as Record<string | symbol, unknown>)[name] });
}

function loaded(path: string): object {
    try {
        return load(path) as object;
    } catch (error) {
        const name = path.split("/").slice(0, 2).join("/");
        const { code, message } = error as NodeJS.ErrnoException;
        throw code === "MODULE_NOT_FOUND" && message.includes(`'${path}'`)
            ? new pulumi.RunError(missingPackage(name, packageFolder()))
            : error;
    }
}

/** The error for a missing package, with the folder in which to install it. */
export function missingPackage(name: string, folder: string): string {
    const { peerDependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
        peerDependencies?: Record<string, string>;
    };
    const wanted = `${name}@"${peerDependencies[name] ?? "latest"}"`;
    const isInstalled = folder.split(sep).includes("node_modules");
    const command = isInstalled
        ? `npm install ${wanted}`
        : `npm install --omit=dev --save-prod --prefix ${folder} ${wanted}`;
    return `The package ${name} is not installed. This component uses it, and mesh-egress does not install it for programs that have no such component. Install it: ${command}`;
}

/** The folder of this package; its compiled form has one level more. */
function packageFolder(): string {
    let folder = __dirname;
    while (!existsSync(join(folder, "package.json")) && folder !== dirname(folder)) {
        folder = dirname(folder);
    }
    return folder;
}
