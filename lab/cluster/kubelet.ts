import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { builtBinary } from "../build/build";
import { dnsService, listeners, nodeAddress, nodeName } from "./addresses";
import { cgroupName } from "./cgroups";
import { files } from "./credentials";
import { containerdSocket, kubeconfigOf, kubeletFolder, podLogFolder, stateFolder } from "./places";
import { portAnswers } from "./ports";
import type { Daemon } from "./processes";

export function kubelet(): Daemon {
    mkdirSync(kubeletFolder, { recursive: true });
    const configuration = join(stateFolder, "kubelet.yaml");
    writeFileSync(configuration, stringify(kubeletConfiguration()));
    return {
        name: "kubelet",
        program: builtBinary("kubelet"),
        args: [
            ...["--kubeconfig", kubeconfigOf("node"), "--config", configuration],
            ...["--hostname-override", nodeName, "--node-ip", nodeAddress],
            ...["--root-dir", kubeletFolder, "--cert-dir", join(kubeletFolder, "pki")],
        ],
        ready: () => portAnswers(listeners.kubeletHealth),
    };
}

function kubeletConfiguration() {
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: nodeAddress,
        port: listeners.kubelet.port,
        healthzBindAddress: listeners.kubeletHealth.address,
        healthzPort: listeners.kubeletHealth.port,
        authentication: {
            anonymous: { enabled: false },
            webhook: { enabled: true },
            x509: { clientCAFile: files.ca },
        },
        authorization: { mode: "Webhook" },
        containerRuntimeEndpoint: `unix://${containerdSocket}`,
        // Not systemd's driver: the machine may run without systemd, and these groups are ours alone.
        cgroupDriver: "cgroupfs",
        cgroupRoot: `/${cgroupName}`,
        failCgroupV1: false,
        enforceNodeAllocatable: [],
        volumePluginDir: join(kubeletFolder, "volume-plugins"),
        podLogsDir: podLogFolder,
        clusterDNS: [dnsService],
        clusterDomain: "cluster.local",
        failSwapOn: false,
        maxPods: 200,
        // The Istio gateway chart asks for it, to listen on 80 and 443 without root.
        allowedUnsafeSysctls: ["net.ipv4.ip_unprivileged_port_start"],
        // The defaults are percentages: of a large disk they evict everything while much is free.
        evictionHard: { "memory.available": "100Mi", "nodefs.available": "500Mi", "imagefs.available": "500Mi" },
        // The images can't be pulled again.
        imageGCHighThresholdPercent: 100,
        nodeStatusUpdateFrequency: "5s",
    };
}
