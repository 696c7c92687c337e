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

const rule = (address: string) => ["PREROUTING", "--destination", address, "--jump", "DROP"];

/** Drops whatever is sent to an address, without a word to the sender, as a dead server behind a firewall does. */
export async function silence(address: string): Promise<void> {
    await command("iptables", ["--table", "raw", "--insert", ...rule(address)]);
}

/** Ends that. */
export async function hear(address: string): Promise<void> {
    while ((await attempt("iptables", ["--table", "raw", "--delete", ...rule(address)])).exitCode === 0) {
        // A rule for each time that it was silenced.
    }
}
