import { attempt, command } from "../../lab/command";
import { nodeInterface } from "../../lab/cluster/addresses";

/** Where the partner listens: addresses of the lab's node, outside the cluster's network, that only the stage uses. */
export const PARTNER_ADDRESSES = ["10.213.0.2", "10.213.0.3"];

/** Gives the lab's node the addresses, or takes them away. */
export async function setAddresses(isThere: boolean): Promise<void> {
    for (const address of PARTNER_ADDRESSES) {
        await hear(address);
        await attempt("ip", ["address", "del", `${address}/32`, "dev", nodeInterface]);
        if (isThere) {
            await command("ip", ["address", "add", `${address}/32`, "dev", nodeInterface]);
        }
    }
}

/** What the node does with TCP packets to an address, as a rule of iptables: its table, chain and target. */
const RULES = {
    drop: { table: "raw", chain: "PREROUTING", target: ["DROP"] },
    reset: { table: "filter", chain: "INPUT", target: ["REJECT", "--reject-with", "tcp-reset"] },
};

function rule(address: string, what: keyof typeof RULES, change: "--insert" | "--delete"): string[] {
    const { table, chain, target } = RULES[what];
    return ["--table", table, change, chain, "--protocol", "tcp", "--destination", address, "--jump", ...target];
}

/** Drops every TCP packet to an address, without a word to the sender, as a dead server behind a firewall does. */
export async function silence(address: string): Promise<void> {
    await command("iptables", rule(address, "drop", "--insert"));
}

/** Answers every TCP packet to an address with a reset, as a machine does whose server has ended. */
export async function refuse(address: string): Promise<void> {
    await command("iptables", rule(address, "reset", "--insert"));
}

/** Ends either. */
export async function hear(address: string): Promise<void> {
    for (const what of ["drop", "reset"] as const) {
        while ((await attempt("iptables", rule(address, what, "--delete"))).exitCode === 0) {
            // A rule for each time that it was asked for.
        }
    }
}
