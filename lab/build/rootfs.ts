import { rmSync } from "node:fs";
import { join } from "node:path";
import { attempt, command } from "../command";
import type { Artifact } from "./cache";
import { keyOf } from "./cache";

const suite = "bookworm";
/** Packages that the images need: for the sidecar's init container, the mTLS server and the client. */
const packages = ["iptables", "ca-certificates", "curl", "nginx-light", "openssl"];
const excluded = ["proc", "sys", "dev", "var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man"];

/** One Debian root file system, as a layer that every image shares: `layer.tar`. */
export function rootfsArtifact(): Artifact {
    return {
        name: "rootfs",
        key: keyOf({ suite, packages: packages.join(), excluded: excluded.join() }),
        make: async (directory, say) => {
            const tree = join(directory, "tree");
            await command(
                "debootstrap",
                ["--variant=minbase", `--include=${packages.join()}`, suite, tree, ...(await debianMirror())],
                { env: { DEBIAN_FRONTEND: "noninteractive" }, onLine: say },
            );
            // GNU tar preserves hard links, file capabilities and numeric owners.
            await command("tar", [
                ...["--create", "--file", join(directory, "layer.tar"), "--directory", tree],
                ...["--sort=name", "--numeric-owner", "--xattrs", "--xattrs-include=security.capability"],
                ...excluded.map((path) => `--exclude=./${path}/*`),
                ".",
            ]);
            rmSync(tree, { recursive: true });
        },
    };
}

/** The mirror this machine's apt uses, so that the lab goes where the machine is allowed to go. */
async function debianMirror(): Promise<string[]> {
    const format = "$(ORIGIN) $(LABEL) $(REPO_URI)";
    const { stdout } = await attempt("apt-get", ["indextargets", "--format", format]);
    const site = /^Debian Debian (\S+)$/m.exec(stdout)?.[1];
    return site ? [site] : [];
}
