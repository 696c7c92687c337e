import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandOptions } from "../command";
import { command } from "../command";

export const buildsFolder = join(__dirname, "..", "builds");

/** Read-only modules: the versions are those committed in go.mod and go.sum, or the build fails. */
const environment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };

export function go(module: string, args: string[], options: CommandOptions = {}): Promise<string> {
    const env = { ...environment, ...options.env };
    return command("go", args, { ...options, cwd: join(buildsFolder, module), env });
}

let version: string | undefined;

/** The Go that would build, for example "go1.26.8 linux/amd64"; undefined without one. */
export function goVersion(): string | undefined {
    if (version !== undefined) return version || undefined;
    try {
        // Asked in a module's folder: since Go 1.21 the module may choose a newer toolchain than the installed one.
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

/** What a module's folder contributes to the keys of what is built from it. */
export function moduleInputs(module: string): Record<string, string> {
    const folder = join(buildsFolder, module);
    const files = readdirSync(folder).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
