import { mkdirSync } from "node:fs";
import { endpointOf, etcdUrl, listeners } from "./addresses";
import { etcdFolder } from "./places";
import type { Daemon } from "./processes";

export function etcd(): Daemon {
    mkdirSync(etcdFolder, { recursive: true, mode: 0o700 });
    return {
        name: "etcd",
        program: "etcd",
        args: [
            ...["--data-dir", etcdFolder, "--log-level", "warn"],
            ...["--listen-client-urls", etcdUrl, "--advertise-client-urls", etcdUrl],
            ...["--listen-peer-urls", `http://${endpointOf(listeners.etcdPeer)}`],
            // A lab is never recovered, so etcd need not wait for the disk.
            "--unsafe-no-fsync",
        ],
        ready: async () => (await fetch(`${etcdUrl}/health`).catch(() => undefined))?.ok ?? false,
    };
}
