import { join } from "node:path";
import { attempt } from "../command";
import { TABLE } from "../standins/networkPolicies/ruleset";
import { adminKubeconfig } from "./places";
import type { Daemon } from "./processes";

/** No engine can be had from a package registry, so this one is a stand-in. */
export function policyEngine(): Daemon {
    const main = join(__dirname, "..", "standins", "networkPolicies", "main.ts");
    return {
        name: "network-policy-stand-in",
        program: process.execPath,
        args: ["--require", require.resolve("tsx/cjs"), main, adminKubeconfig],
        ready: policiesInstalled,
    };
}

/** Whether the packet filter has the policies' table, even an empty one. */
export async function policiesInstalled(): Promise<boolean> {
    return (await attempt("nft", ["list", "table", "ip", TABLE]).catch(() => ({ exitCode: 1 }))).exitCode === 0;
}

export async function removePolicies(): Promise<void> {
    if (await policiesInstalled()) await attempt("nft", ["delete", "table", "ip", TABLE]);
}
