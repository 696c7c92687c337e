import { attempt, command } from "../command";
import { nodeAddress, nodeInterface, nodeSubnet, podBridge, podSubnet } from "./addresses";

/** The interface with the node's address. A bridge without members: every kernel that can run pods has those. */
export async function createNetwork(): Promise<void> {
    // Most kernels have them, and some containers cannot load them. Components that need them report an error.
    await attempt("modprobe", ["--all", "--quiet", "overlay", "br_netfilter"]).catch(() => undefined);
    if (await exists(nodeInterface)) return;
    await command("ip", ["link", "add", nodeInterface, "type", "bridge"]);
    await command("ip", ["address", "add", `${nodeAddress}/24`, "dev", nodeInterface]);
    await command("ip", ["link", "set", nodeInterface, "up"]);
    await keepPodsInside();
}

/** The routing table of what comes from pods. */
const podTable = "42130";
const podRule = ["iif", podBridge, "table", podTable];

/**
 * Pods reach the lab and nothing else: a lab is for tests, and what a test calls by mistake must not leave the machine.
 * Without it, a call to a service's address on a port that the service does not have would go to the machine's default gateway.
 */
async function keepPodsInside(): Promise<void> {
    // Handled by the machine's own routing table.
    for (const range of [nodeSubnet, podSubnet])
        await command("ip", ["route", "add", "throw", range, "table", podTable]);
    await command("ip", ["route", "add", "unreachable", "default", "table", podTable]);
    await command("ip", ["rule", "add", ...podRule]);
}

/** The rules and routes that keep pods inside, as far as they are there. */
export async function containment(): Promise<string[]> {
    const [rules, routes] = await Promise.all([
        command("ip", ["rule", "show", "table", podTable]),
        attempt("ip", ["route", "show", "table", podTable]),
    ]);
    return `${rules}${routes.stdout}`.split("\n").filter((line) => line !== "");
}

export async function exists(name: string): Promise<boolean> {
    return (await attempt("ip", ["link", "show", name])).exitCode === 0;
}

export async function removeNetwork(): Promise<void> {
    await attempt("ip", ["rule", "delete", ...podRule]);
    await attempt("ip", ["route", "flush", "table", podTable]);
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
