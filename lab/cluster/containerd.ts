import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, command } from "../command";
import { builtImages } from "../build/build";
import { imageNames } from "../build/images";
import { networkName, podBridge, podSubnet } from "./addresses";
import { cniFolder, containerdSocket, imageStore, runFolder, stateFolder } from "./places";
import type { Daemon } from "./processes";
import { readText } from "./procfs";

const cniConfiguration = join(cniFolder, "conf");
/** The addresses that CNI has handed out; in the lab's own folder, so that nothing of it outlives the lab. */
const addressFolder = join(cniFolder, "addresses");
/** Which archive the image store holds. */
const importedFile = join(imageStore, "imported");

export function containerd(): Daemon {
    mkdirSync(cniConfiguration, { recursive: true });
    mkdirSync(imageStore, { recursive: true, mode: 0o711 });
    writeFileSync(join(cniConfiguration, "10-lab.conflist"), JSON.stringify(podNetwork()));
    const configuration = join(stateFolder, "containerd.toml");
    writeFileSync(configuration, containerdToml());
    return {
        name: "containerd",
        program: "containerd",
        args: ["--config", configuration],
        ready: async () => (await ctr("version")).exitCode === 0,
    };
}

function containerdToml(): string {
    return `version = 2
root = "${imageStore}"
state = "${join(runFolder, "containerd")}"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(imageStore, "opt")}"
[plugins."io.containerd.grpc.v1.cri"]
  # The machine may itself be a container without CAP_SYS_RESOURCE.
  restrict_oom_score_adj = true
  sandbox_image = "${imageNames.pause}"
  stream_server_address = "127.0.0.1"
  # Where \`down\` can tell them from the namespaces of other runtimes.
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "${join(runFolder, "runc")}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cniConfiguration}"
`;
}

function podNetwork() {
    const ipam = {
        type: "host-local",
        dataDir: addressFolder,
        ranges: [[{ subnet: podSubnet }]],
        routes: [{ dst: "0.0.0.0/0" }],
    };
    return {
        cniVersion: "0.4.0",
        name: networkName,
        plugins: [
            { type: "bridge", bridge: podBridge, isGateway: true, ipMasq: true, hairpinMode: true, ipam },
            { type: "portmap", capabilities: { portMappings: true } },
            // Docker sets the machine's FORWARD policy to DROP; this allows the pods' packets nevertheless.
            { type: "firewall", backend: "iptables" },
        ],
    };
}

export function ctr(...args: string[]) {
    return attempt("ctr", ["--address", containerdSocket, "--namespace", "k8s.io", ...args]);
}

/** Ends and removes all containers, including those of an earlier lab. Images stay. */
export async function removeContainers(): Promise<void> {
    const tasks = await idsOf("tasks");
    if (tasks.length > 0) await ctr("tasks", "rm", "--force", ...tasks);
    const containers = await idsOf("containers");
    if (containers.length > 0) await ctr("containers", "rm", ...containers);
}

async function idsOf(kind: "tasks" | "containers"): Promise<string[]> {
    return (await ctr(kind, "ls", "-q")).stdout.split("\n").filter(Boolean);
}

/** Fills the image store once for each archive; it outlives the lab, so that the next `up` finds it filled. */
export async function importImages(): Promise<void> {
    const archive = builtImages();
    if (!archive || readText(importedFile) === archive) return;
    await importArchive(archive);
    writeFileSync(importedFile, archive);
}

/** Adds the images of an archive; those that are there already stay. */
export async function importArchive(archive: string): Promise<void> {
    await command("ctr", ["--address", containerdSocket, "--namespace", "k8s.io", "images", "import", archive]);
}
