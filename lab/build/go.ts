import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandOptions } from "../command";
import { command } from "../command";

export const buildsFolder = join(__dirname, "..", "builds");

/** Modules are read-only: the build fails if the versions are not those committed in go.mod and go.sum. */
const environment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };

export function go(module: string, args: string[], options: CommandOptions = {}): Promise<string> {
    const env = { ...environment, ...options.env };
    return command("go", args, { ...options, cwd: join(buildsFolder, module), env });
}

let version: string | undefined;

/** Version of the Go toolchain that builds, for example "go1.26.8 linux/amd64". Undefined without one. */
export function goVersion(): string | undefined {
    if (version !== undefined) return version || undefined;
    try {
        // Read in a module's folder, because since Go 1.21 a module may select a newer toolchain than the installed one.
        version = execFileSync("go", ["env", "GOVERSION", "GOOS", "GOARCH"], {
            cwd: join(buildsFolder, "kubernetes"),
            env: { ...process.env, ...environment },
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        })
            .trim()
            .split("\n")
            .join(" ");
    } catch {
        version = "";
    }
    return version || undefined;
}

/** The part of an artifact's key that depends on the module's folder. */
export function moduleInputs(module: string): Record<string, string> {
    const folder = join(buildsFolder, module);
    const files = readdirSync(folder).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
