import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { command } from "../command";
import { LabError, messageOf } from "../errors";
import type { Say } from "../progress";

export interface HostTool {
    /** A program that exists if the package is installed: a name on PATH, or a full path. */
    program: string;
    /** The Debian package that brings it. */
    package: string;
}

/** What runs the cluster. */
export const clusterTools: readonly HostTool[] = [
    { program: "etcd", package: "etcd-server" },
    { program: "containerd", package: "containerd" },
    { program: "runc", package: "runc" },
    { program: "/usr/lib/cni/bridge", package: "containernetworking-plugins" },
    { program: "conntrack", package: "conntrack" },
    { program: "iptables", package: "iptables" },
    { program: "nft", package: "nftables" },
    { program: "ethtool", package: "ethtool" },
    { program: "socat", package: "socat" },
    { program: "ip", package: "iproute2" },
    { program: "openssl", package: "openssl" },
];

/** What makes the images. */
export const imageTools: readonly HostTool[] = [
    { program: "debootstrap", package: "debootstrap" },
    { program: "python3", package: "python3" },
    { program: "pip3", package: "python3-pip" },
];

/** On Debian, daemons are not on an ordinary user's PATH. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export function programPath(program: string): string | undefined {
    const folders = [...(process.env.PATH ?? "").split(delimiter), ...systemFolders];
    const candidates = program.startsWith("/") ? [program] : folders.map((folder) => join(folder, program));
    return candidates.find((candidate) => {
        try {
            accessSync(candidate, constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}

export function missingPackages(
    tools: readonly HostTool[],
    has = (program: string) => !!programPath(program),
): string[] {
    return [...new Set(tools.filter(({ program }) => !has(program)).map((tool) => tool.package))];
}

export function installCommand(packages: string[]): string {
    return `apt-get update && apt-get install --no-install-recommends ${packages.join(" ")}`;
}

/** Installs missing packages as root on Debian. The preflight check has refused every other machine. */
export async function installPackages(packages: string[], say: Say): Promise<void> {
    if (packages.length === 0) return;
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    say(`installing ${packages.join(", ")}`);
    try {
        await command("apt-get", ["update", "-qq"], { env });
        await command("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...packages], { env });
    } catch (error) {
        throw new LabError(
            `Debian's packages ${packages.join(", ")} are missing and apt-get could not install them:\n` +
                `${messageOf(error)}\nInstall them yourself: ${installCommand(packages)}`,
        );
    }
}
