import { attempt, command } from "../command";
import { nodeAddress, nodeInterface, podBridge } from "./addresses";

/** The interface with the node's address. A bridge without members: every kernel that can run pods has those. */
export async function createNetwork(): Promise<void> {
    // Already there in most kernels, and not to be had in some containers: those who need them will complain.
    await attempt("modprobe", ["--all", "--quiet", "overlay", "br_netfilter"]).catch(() => undefined);
    if (await exists(nodeInterface)) return;
    await command("ip", ["link", "add", nodeInterface, "type", "bridge"]);
    await command("ip", ["address", "add", `${nodeAddress}/24`, "dev", nodeInterface]);
    await command("ip", ["link", "set", nodeInterface, "up"]);
}

export async function exists(name: string): Promise<boolean> {
    return (await attempt("ip", ["link", "show", name])).exitCode === 0;
}

export async function removeNetwork(): Promise<void> {
    for (const name of [podBridge, nodeInterface]) await attempt("ip", ["link", "delete", name]);
}

export interface Range {
    interface: string;
    /** An address with its prefix length. */
    range: string;
}

/** The IPv4 ranges of the machine's own interfaces. */
export async function machineRanges(): Promise<Range[]> {
    const { stdout, exitCode } = await attempt("ip", ["-j", "-4", "address"]);
    return exitCode === 0 ? parseAddresses(stdout) : [];
}

export function parseAddresses(json: string): Range[] {
    interface Link {
        ifname: string;
        addr_info: { local: string; prefixlen: number }[];
    }
    return (JSON.parse(json || "[]") as Link[]).flatMap(({ ifname, addr_info }) =>
        addr_info.map(({ local, prefixlen }) => ({ interface: ifname, range: `${local}/${prefixlen}` })),
    );
}
