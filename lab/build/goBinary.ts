import { copyFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { go, goVersion, moduleInputs } from "./go";
import type { GoBinary } from "./goModules";

export function linkerFlags(variables: Record<string, string> = {}): string {
    return ["-s", "-w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}

function buildArguments(binary: GoBinary): string[] {
    const tags = binary.tags ? ["-tags", binary.tags.join(",")] : [];
    return ["build", "-ldflags", linkerFlags(binary.variables), ...tags];
}

export function goArtifact(binary: GoBinary): Artifact {
    const flags = buildArguments(binary);
    return {
        name: binary.name,
        key: keyOf({
            ...moduleInputs(binary.module),
            package: binary.package,
            flags: flags.join("\n"),
            ...(binary.files && { files: binary.files.paths.join("\n") }),
            go: goVersion() ?? "none",
        }),
        make: async (directory, say) => {
            const output = join(directory, binary.name);
            await go(binary.module, [...flags, "-o", output, binary.package], { onLine: say });
            if (binary.files) {
                const source = (await go(binary.module, ["list", "-m", "-f", "{{.Dir}}", binary.files.module])).trim();
                for (const path of binary.files.paths)
                    copyFileSync(join(source, path), join(directory, basename(path)));
            }
        },
    };
}
