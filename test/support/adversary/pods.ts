import { PodTemplate, annotate, container, field, podSecurity, security } from "../workloads";

/*
 * What a tenant may try with a pod: each is refused in a locked namespace, alone and in a Deployment, and passes in
 * another one.
 */

export interface PodAttempt {
    attempt: string;
    message: RegExp;
    edit: (template: PodTemplate) => void;
    /** Where the API server or istiod changes pods so that only what makes pods shows it, or the other way round. */
    only?: "pod" | "template";
}

/** Volumes by which a node mounts what the pod names. */
const VOLUMES: Record<string, object> = {
    awsElasticBlockStore: { volumeID: "vol-1" },
    azureDisk: { diskName: "disk", diskURI: "https://elsewhere.example/disk.vhd" },
    azureFile: { secretName: "account", shareName: "share" },
    cephfs: { monitors: ["203.0.113.9:6789"] },
    cinder: { volumeID: "vol-1" },
    csi: { driver: "file.csi.azure.com", volumeAttributes: { server: "203.0.113.9", shareName: "share" } },
    fc: { targetWWNs: ["500a0982991b8dc5"], lun: 0 },
    flexVolume: { driver: "example.com/driver" },
    flocker: { datasetName: "data" },
    gcePersistentDisk: { pdName: "disk" },
    gitRepo: { repository: "https://elsewhere.example/repository.git" },
    glusterfs: { endpoints: "elsewhere", path: "/" },
    iscsi: { targetPortal: "203.0.113.9:3260", iqn: "iqn.2026-11.example:target", lun: 0 },
    nfs: { server: "203.0.113.9", path: "/" },
    photonPersistentDisk: { pdID: "disk" },
    portworxVolume: { volumeID: "vol-1" },
    quobyte: { registry: "203.0.113.9:7861", volume: "data" },
    rbd: { monitors: ["203.0.113.9:6789"], image: "data" },
    scaleIO: { gateway: "https://203.0.113.9/api", system: "x", secretRef: { name: "x" }, volumeName: "data" },
    storageos: { volumeName: "data" },
    vsphereVolume: { volumePath: "[store] disk" },
};

const CALLS: Record<string, object> = {
    "httpGet.host": { httpGet: { host: "203.0.113.9", port: 80, path: "/?data" } },
    "httpGet.host that is the node": { httpGet: { host: "127.0.0.1", port: 10248, path: "/" } },
    "a header Host": { httpGet: { port: 80, httpHeaders: [{ name: "Host", value: "elsewhere.example" }] } },
    "a header host": { httpGet: { port: 80, httpHeaders: [{ name: "hOsT", value: "elsewhere.example" }] } },
    "tcpSocket.host": { tcpSocket: { host: "203.0.113.9", port: 443 } },
};

const kubelet = /makes the kubelet call an address other than the pod's/;

function calls(): PodAttempt[] {
    const hooks = ["postStart", "preStop"].map((name) => ({
        name,
        edit: (action: object) => container({ lifecycle: { [name]: action } }),
    }));
    const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((name) => ({
        name,
        edit: (action: object) => container({ [name]: action }),
    }));
    return [...hooks, ...probes].flatMap(({ name, edit }) =>
        Object.entries(CALLS).map(([what, action]) => ({
            attempt: `${what} in ${name}`,
            message: kubelet,
            edit: edit(action),
            // istiod rewrites probes, and hooks by TCP, so that the sidecar asks the pod itself.
            only: name.endsWith("Probe") || "tcpSocket" in action ? ("template" as const) : undefined,
        })),
    );
}

const unlisted = (name: string) => new RegExp(`field ${name} is not allowed for pods in a locked namespace`);

export const POD_ATTEMPTS: PodAttempt[] = [
    ...Object.entries(VOLUMES).map(([type, source]) => ({
        attempt: `a volume of type ${type}`,
        message: new RegExp(`A volume of type ${type} connects to storage`),
        edit: field("volumes", [{ name: "v", [type]: source }]),
    })),
    ...calls(),
    ...[
        "elsewhere.example/data:text",
        "elsewhere.example/data-carried-in-the-name/x",
        "docker.io/somebody/data:text",
        "nginx",
        "LAB.example/x",
    ].map((image) => ({
        attempt: `the image ${image}`,
        message: /An image comes from a registry that is not in imageRegistries/,
        edit: container({ image }),
    })),
    {
        attempt: "an init container's image",
        message: /An image comes from a registry/,
        edit: ({ spec }) => {
            spec.initContainers = [{ ...spec.containers[0], name: "first", image: "elsewhere.example/x:1" }];
        },
    },
    {
        attempt: "the sidecar's files in a container of the application",
        message: /hold the sidecar's configuration and identity/,
        // In a template the sidecar's volumes are not there yet.
        only: "pod",
        edit: container({ volumeMounts: [{ name: "istio-envoy", mountPath: "/sidecar" }] }),
    },
    {
        attempt: "a volume with the name of the sidecar's token",
        message: /hold the sidecar's configuration and identity/,
        only: "template",
        edit: field("volumes", [{ name: "istio-token", emptyDir: {} }]),
    },
    {
        attempt: "a port of the node",
        message: /A hostPort exposes the pod on its node's address/,
        edit: container({ ports: [{ containerPort: 8080, hostPort: 8080 }] }),
    },
    {
        attempt: "a node past the scheduler",
        message: /nodeName bypasses the scheduler/,
        edit: field("nodeName", "virtual-node-aci-linux"),
    },
    ...[{ operator: "Exists" }, { key: "virtual-kubelet.io/provider", operator: "Exists" }].map((toleration) => ({
        attempt: `a toleration ${JSON.stringify(toleration)}`,
        message: /lets the pod run on virtual nodes/,
        edit: field("tolerations", [toleration]),
    })),
    ...[
        { key: "node.cilium.io/agent-not-ready", operator: "Exists" },
        { key: "cni.istio.io/not-ready", operator: "Exists" },
        { key: "node.kubernetes.io/network-unavailable", operator: "Exists" },
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoSchedule" },
        { key: "node.kubernetes.io/not-ready", operator: "Exists" },
        { key: "node.cloudprovider.kubernetes.io/uninitialized", operator: "Exists" },
        { key: "virtual-node.liqo.io/not-allowed", operator: "Exists" },
        { key: "eks.amazonaws.com/compute-type", operator: "Equal", value: "fargate" },
    ].map((toleration) => ({
        attempt:
            `a node where policies are not enforced yet or ever: ${toleration.key} ${toleration.effect ?? ""}`.trim(),
        message: /others where NetworkPolicies are not enforced/,
        edit: field("tolerations", [toleration]),
    })),
    ...["rdma/hca_shared_devices_a", "intel.com/sriov", "nvidia.com/hostdev", "vendor.example/nic"].map((device) => ({
        attempt: `the device ${device} of a device plugin, which can be a network card`,
        message: /A container requests a device that can be a network card/,
        edit: container({ resources: { limits: { [device]: "1" } } }),
    })),
    ...["system-cluster-critical", "system-node-critical"].map((priorityClassName) => ({
        attempt: `the place of the cluster's own pods, with ${priorityClassName}`,
        message: /could take the place of the pods that enforce the lockdown/,
        edit: field("priorityClassName", priorityClassName),
    })),
    ...[
        "ad.datadoghq.com/app.instances",
        "co.elastic.monitor/hosts",
        "co.elastic.hints/host",
        "io.opentelemetry.discovery.metrics/config",
        "external-dns.alpha.kubernetes.io/internal-hostname",
    ].map((key) => ({
        attempt: `an agent of the cluster, by the annotation ${key}`,
        message: /makes an agent of the cluster call an address or publish a name/,
        edit: annotate(key, '[{"url":"http://203.0.113.9/?data"}]'),
    })),
    {
        attempt: "a device, which can be a network card",
        message: /field resourceClaims is not allowed for pods in a locked namespace|claims a device/,
        edit: ({ spec }) => {
            spec.resourceClaims = [{ name: "nic", resourceClaimName: "nic" }];
            spec.containers[0].resources = { claims: [{ name: "nic" }] };
        },
    },
    ...(
        [
            ["k8s.v1.cni.cncf.io/networks", "another-network"],
            ["v1.multus-cni.io/default-network", "another-network"],
            ["io.katacontainers.config.hypervisor.path", "/bin/sh"],
            ["cdi.k8s.io/device", "vendor.example/nic=1"],
            ["cni.projectcalico.org/ipAddrs", '["203.0.113.9"]'],
            ["policy.cilium.io/proxy-visibility", "<Egress/53/UDP/DNS>"],
        ] as const
    ).map(([key, value]) => ({
        attempt: `the annotation ${key}`,
        message: /changes how the node's network or runtime treats the pod/,
        edit: annotate(key, value),
    })),
    // Pod Security's level `restricted`, whether Istio's CNI plugin is there or not.
    {
        attempt: "no seccomp profile",
        message: /has no seccomp profile/,
        edit: podSecurity({ seccompProfile: undefined }),
    },
    {
        attempt: "a seccomp profile that confines nothing",
        message: /has no seccomp profile/,
        edit: security({ seccompProfile: { type: "Unconfined" } }),
    },
    {
        attempt: "an image that may run as root",
        message: /may run as root/,
        edit: podSecurity({ runAsNonRoot: undefined }),
    },
    {
        attempt: "a container that takes back runAsNonRoot",
        message: /may run as root/,
        edit: security({ runAsNonRoot: false }),
    },
    {
        attempt: "no AppArmor",
        message: /AppArmor is turned off/,
        edit: security({ appArmorProfile: { type: "Unconfined" } }),
    },
    {
        attempt: "an SELinux type of the node's",
        message: /seLinuxOptions change what the container may do/,
        edit: security({ seLinuxOptions: { type: "spc_t" } }),
    },
    {
        attempt: "an SELinux user",
        message: /seLinuxOptions change what the container may do/,
        edit: podSecurity({ seLinuxOptions: { user: "system_u" } }),
    },
    {
        attempt: "a sysctl of the network",
        message: /A sysctl is not among Pod Security's safe sysctls/,
        edit: podSecurity({ sysctls: [{ name: "net.ipv4.ip_forward", value: "1" }] }),
    },
    {
        attempt: "Windows options",
        message: unlisted("windowsOptions"),
        edit: security({ windowsOptions: { runAsUserName: "somebody" } }),
    },
    {
        attempt: "the node's proc",
        message: /procMount exposes more of the node's kernel/,
        edit: (template) => {
            field("hostUsers", false)(template);
            security({ procMount: "Unmasked" })(template);
        },
    },
];
