import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";
import { unpackPackages } from "./debianPackages";

/** The fonts too, so that a page looks the same on every machine. */
const packages = ["chromium-headless-shell", "fonts-inter", "fonts-dejavu-core"];
/** Debian has a library folder for each architecture; PulseAudio's libraries are in a folder below it. */
const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
for folder in "$here"/root/usr/lib/*-linux-gnu "$here"/root/usr/lib/*-linux-gnu/pulseaudio; do
    LD_LIBRARY_PATH=$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
export LD_LIBRARY_PATH FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/root/usr/lib/chromium/chromium-headless-shell" "$@"
`;
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>system-ui</family><prefer><family>Inter</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Inter</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

/** Debian's headless Chromium, unpacked in a folder instead of installed: `chromium`. */
export function chromiumArtifact(): Artifact {
    return {
        name: "chromium",
        key: keyOf({ packages: packages.join(), launcher, fonts }),
        make: async (directory, say) => {
            await unpackPackages(directory, packages, say, { libraries: true });
            writeFileSync(join(directory, "fonts.conf"), fonts);
            writeFileSync(join(directory, "chromium"), launcher);
            chmodSync(join(directory, "chromium"), 0o755);
            // Fails here instead of in a test if a library is missing.
            await command(join(directory, "chromium"), ["--no-sandbox", "--version"]);
        },
    };
}
