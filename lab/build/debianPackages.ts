import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "../command";
import type { Say } from "../progress";

/**
 * Unpacks Debian's newest packages below `directory`, in `root`, without installing them; `libraries` brings the packages that they depend on
 * and this machine lacks.
 */
export async function unpackPackages(
    directory: string,
    packages: string[],
    say: Say,
    { libraries = false } = {},
): Promise<string> {
    const root = join(directory, "root");
    const downloads = join(directory, "apt");
    const archives = join(downloads, "cache", "archives");
    mkdirSync(join(downloads, "lists", "partial"), { recursive: true });
    mkdirSync(join(archives, "partial"), { recursive: true });
    // Uses its own package lists: the machine's may be old, and only root may update them.
    const apt = (args: string[]) =>
        command(
            "apt-get",
            [
                ...["-o", `Dir::State::lists=${join(downloads, "lists")}`],
                ...["-o", `Dir::Cache=${join(downloads, "cache")}`],
                ...["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=", "-qq"],
                ...args,
            ],
            { cwd: archives },
        );
    say("asking apt for the newest packages");
    await apt(["update"]);
    say(`downloading ${packages.join(", ")}`);
    // The named packages are included even if the machine has them.
    await apt(
        libraries
            ? ["install", "-y", "--download-only", "--reinstall", "--no-install-recommends", ...packages]
            : ["download", ...packages],
    );
    for (const archive of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
        await command("dpkg-deb", ["--extract", join(archives, archive), root]);
    }
    rmSync(downloads, { recursive: true });
    return root;
}
