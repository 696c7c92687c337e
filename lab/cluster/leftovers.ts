import { existsSync } from "node:fs";
import { nodeInterface, podBridge } from "./addresses";
import type { Before } from "./before";
import { changedSettings } from "./before";
import { ownCgroups, ownPids } from "./cgroups";
import { remainingRules } from "./firewall";
import { ownMounts } from "./mounts";
import { containment, exists } from "./network";
import { disposable, runFolder } from "./places";
import { policiesInstalled } from "./policyEngine";
import { programOf } from "./procfs";

/** Descriptions of everything that the lab has left on the machine. Empty after a successful `down`. */
export async function leftovers(earlier?: Before): Promise<string[]> {
    const interfaces = await Promise.all(
        [nodeInterface, podBridge].map(async (name) => ((await exists(name)) ? name : "")),
    );
    return [
        ...ownPids().map((pid) => `process ${pid} (${programOf(pid)})`),
        ...ownMounts().map((path) => `mount ${path}`),
        ...interfaces.filter(Boolean).map((name) => `network interface ${name}`),
        ...(await containment()).map((line) => `routing rule ${line}`),
        ...(await remainingRules(earlier?.chains)),
        ...((await policiesInstalled()) ? ["packet filter table of the network policies"] : []),
        ...ownCgroups().map((path) => `control group ${path}`),
        ...[runFolder, ...disposable].filter(existsSync).map((path) => `files in ${path}`),
        ...(earlier ? changedSettings(earlier) : []),
    ];
}
