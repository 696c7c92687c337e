import { existsSync, readlinkSync } from "node:fs";
import { binary } from "../build/build";
import { cacheRoot } from "../build/cache";
import { versions } from "../build/goModules";
import { componentNames } from "./components";
import { dnsReady } from "./dns";
import { nodeReady } from "./node";
import { adminKubeconfig } from "./places";
import { isRunning, recorded } from "./processes";
import { uptimeSeconds } from "./procfs";

export interface ComponentStatus {
    name: string;
    running: boolean;
    pid?: number;
    uptimeSeconds?: number;
    /** It was started from another build than the one that `up` would start now. */
    outdated: boolean;
}

export interface Status {
    state: "running" | "broken" | "down";
    components: ComponentStatus[];
    nodeReady: boolean;
    dnsReady: boolean;
    kubeconfig?: string;
    cache: string;
    versions: Record<string, string>;
}

export async function status(): Promise<Status> {
    const components = componentNames.map(componentStatus);
    const anyRunning = components.some(({ running }) => running);
    const [node, dns] = anyRunning ? await Promise.all([nodeReady(), dnsReady()]) : [false, false];
    const all = components.every(({ running }) => running) && node && dns;
    return {
        state: all ? "running" : anyRunning ? "broken" : "down",
        components,
        nodeReady: node,
        dnsReady: dns,
        kubeconfig: existsSync(adminKubeconfig) ? adminKubeconfig : undefined,
        cache: cacheRoot(),
        versions,
    };
}

function componentStatus(name: string): ComponentStatus {
    const process = recorded(name);
    if (!process || !isRunning(name)) return { name, running: false, outdated: false };
    const built = binary(name);
    const outdated = built !== undefined && readlinkSync(`/proc/${process.pid}/exe`) !== built;
    return { name, running: true, pid: process.pid, uptimeSeconds: uptimeSeconds(process), outdated };
}

export function duration(seconds: number): string {
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const advice = {
    running: "The lab is running.",
    broken: "The lab is not whole. `npm run lab -- up` starts what does not run.",
    down: "The lab is down. `npm run lab -- up` starts it.",
};

export function formatStatus(status: Status): string {
    const row = (cells: string[]) => `  ${cells[0].padEnd(26)}${cells[1].padEnd(12)}${cells[2].padEnd(10)}${cells[3]}`;
    const component = ({ name, running, pid, uptimeSeconds: uptime, outdated }: ComponentStatus) =>
        row([name, running ? "running" : "-", `${pid ?? ""}`, uptime === undefined ? "" : duration(uptime)]).trimEnd() +
        (outdated ? "  (an older build; `down` and `up` bring the new one)" : "");
    const ready = (yes: boolean) => (yes ? "ready" : "not ready");
    return [
        advice[status.state],
        "",
        row(["COMPONENT", "STATE", "PID", "UP"]),
        ...status.components.map(component),
        "",
        `  node        ${ready(status.nodeReady)}`,
        `  CoreDNS     ${ready(status.dnsReady)}`,
        `  kubeconfig  ${status.kubeconfig ?? "-"}`,
        `  cache       ${status.cache}`,
        `  versions    ${Object.entries(status.versions)
            .map((entry) => entry.join(" "))
            .join(", ")}`,
    ].join("\n");
}
