import { Validation, Variable, cel, optional } from "./admission";

/*
 * The fields that a pod in a locked namespace may have. Fields that are not listed are refused, including those of
 * later Kubernetes versions. The list is Pod Security's level `restricted`, without the fields that make the kubelet, a
 * driver or a registry call an address that the pod's author chose.
 */

const words = (text: string) => text.trim().split(/\s+/);

const POD_FIELDS = words(`
    activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks
    ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride imagePullSecrets
    initContainers nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates resources
    restartPolicy runtimeClassName schedulerName schedulingGates securityContext serviceAccount serviceAccountName
    setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations
    topologySpreadConstraints volumes
`);

const CONTAINER_FIELDS = words(`
    args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy
    resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce targetContainerName
    terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir
`);

const POD_SECURITY_FIELDS = words(`
    appArmorProfile fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxChangePolicy seLinuxOptions
    seccompProfile supplementalGroups supplementalGroupsPolicy sysctls
`);

const CONTAINER_SECURITY_FIELDS = words(`
    allowPrivilegeEscalation appArmorProfile capabilities privileged procMount readOnlyRootFilesystem runAsGroup
    runAsNonRoot runAsUser seLinuxOptions seccompProfile
`);

/** Sources of projected volumes. A certificate that a pod orders of a signer is not among them. */
const PROJECTED_SOURCES = words(`clusterTrustBundle configMap downwardAPI secret serviceAccountToken`);

/**
 * Taints of nodes on which NetworkPolicies or the sidecar's redirection do not work, or not yet: virtual nodes, and
 * nodes whose network plugin has not started.
 */
const TAINTS =
    "^(virtual-kubelet[.]io/|virtual-node[.]liqo[.]io/|eks[.]amazonaws[.]com/compute-type$|node[.]cilium[.]io/|" +
    "cni[.]istio[.]io/|node[.]kubernetes[.]io/network-unavailable$|node[.]cloudprovider[.]kubernetes[.]io/)";

/** Volume types that neither mount a network share nor run a driver that the pod names. */
const VOLUME_TYPES = words(`configMap downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret`);

const SELINUX_TYPES = ["", ...words(`container_t container_init_t container_kvm_t container_engine_t`)];

/**
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/, without `net.ipv4.ping_group_range`: NetworkPolicies
 * need not stop the ICMP packets that it lets a pod send.
 */
const SYSCTLS = words(`
    kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports
    net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl
    net.ipv4.tcp_keepalive_probes net.ipv4.tcp_keepalive_time net.ipv4.tcp_rmem net.ipv4.tcp_syncookies
    net.ipv4.tcp_wmem
`);

/** Annotations with which runtimes and network plugins give a pod more interfaces, devices or another kernel. */
const NODE_ANNOTATIONS =
    "(^|[.])(cni[.]cncf[.]io|multus-cni[.]io|ovn[.]org|cilium[.]io|projectcalico[.]org|antrea[.]io|katacontainers[.]io|" +
    "ovn[.]kubernetes[.]io|networking[.]gke[.]io|spidernet[.]io|danm[.](io|k8s[.]io)|kube-router[.]io|networkservicemesh[.]io|" +
    "vpc[.]amazonaws[.]com|k8s[.]aliyun[.]com|alibabacloud[.]com|tke[.]cloud[.]tencent[.]com|" +
    "kubernetes[.]cri-o|crio[.]io|cri-o[.]io|cdi[.]k8s[.]io|gvisor[.]dev|nri[.]io|containerd[.]io)(/|[.]|$)|" +
    "^cni[.]|^dev[.]gvisor[.]|^io[.](kubernetes|katacontainers)[.]";

/** Labels by which a network plugin would take the pod for one of another namespace or account (CVE-2023-39347). */
const IDENTITY_LABELS =
    "^(io[.](cilium|kubernetes)|pcns|pcsa)[./]|(^|[.])(cilium[.]io|projectcalico[.]org|antrea[.]io|ovn[.]org)/";

/** The audience of tokens for which istiod issues a certificate of the mesh. */
export const MESH_AUDIENCE = "istio-ca";

const HOOKS = ["postStart", "preStop"];
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];

/** Calls that the kubelet makes for a container: probes and lifecycle hooks. */
const CALLS =
    `${cel(PROBES)}.filter(p, p in c).map(p, c[p]) + ` +
    `(has(c.lifecycle) ? ${cel(HOOKS)}.filter(h, h in c.lifecycle).map(h, c.lifecycle[h]) : [])`;

const HTTP_OR_TCP = `["httpGet", "tcpSocket"].filter(a, a in call).map(a, call[a])`;

const LOCAL_CALL =
    `${HTTP_OR_TCP}.all(a, !has(a.host) || a.host == "") && ` +
    `(!has(call.httpGet) || ${optional("call.httpGet", "httpHeaders", "[]")}.all(h, h.name.lowerAscii() != "host"))`;

const strange = (map: string, allowed: string) => `${map}.filter(k, !(k in variables.${allowed}))`;

const securityOf = (container: string) => optional(container, "securityContext", "{}");

/** A field of the container's security context, falling back to the pod's. */
const effective = (field: string) =>
    `(has(c.securityContext) && has(c.securityContext.${field}) ? [c.securityContext.${field}] : ` +
    `has(variables.security.${field}) ? [variables.security.${field}] : [])`;

const contexts = "([variables.security] + variables.apps.map(c, " + securityOf("c") + "))";

const profiles = (field: string, allowed: string[]) =>
    `${contexts}.all(s, !has(s.${field}) || s.${field}.type in ${cel(allowed)})`;

export const FIELD_VARIABLES: Variable[] = [
    { name: "podFields", expression: cel(POD_FIELDS) },
    { name: "containerFields", expression: cel(CONTAINER_FIELDS) },
    { name: "securityFields", expression: cel(CONTAINER_SECURITY_FIELDS) },
    { name: "podSecurityFields", expression: cel(POD_SECURITY_FIELDS) },
    { name: "volumeTypes", expression: cel(["name", ...VOLUME_TYPES]) },
    { name: "strangeOfPod", expression: strange("variables.spec", "podFields") },
    { name: "strangeOfSecurity", expression: strange("variables.security", "podSecurityFields") },
    {
        name: "strangeContainers",
        expression: `variables.apps.filter(c, c.exists(k, !(k in variables.containerFields)) || ${securityOf("c")}.exists(k, !(k in variables.securityFields)))`,
    },
    {
        name: "strangeOfContainers",
        expression: `variables.strangeContainers.map(c, (${strange("c", "containerFields")} + ${strange(securityOf("c"), "securityFields")})[0])`,
    },
    { name: "strangeVolumes", expression: "variables.volumes.filter(v, v.exists(k, !(k in variables.volumeTypes)))" },
    {
        name: "nodeAnnotations",
        expression: `variables.annotations.filter(k, k.matches(${cel(NODE_ANNOTATIONS)}) && !(k == "k8s.v1.cni.cncf.io/networks" && variables.annotations[k] == "default/istio-cni"))`,
    },
    { name: "identityLabels", expression: `variables.labels.filter(k, k.matches(${cel(IDENTITY_LABELS)}))` },
];

/** A message with the name of the refused field, which is a key and so never long or secret. */
const named = (expression: string, list: string, before: string, after: string) => ({
    expression,
    message: `${before}that is set${after}`,
    messageExpression: `${cel(before)} + string(${list}[0]) + ${cel(after)}`,
});

export const FIELD_VALIDATIONS: Omit<Validation, "reason">[] = [
    named(
        "variables.strangeOfPod.size() == 0",
        "variables.strangeOfPod",
        "The pod's field ",
        " is not allowed for pods in a locked namespace: remove it.",
    ),
    named(
        "variables.strangeOfSecurity.size() == 0",
        "variables.strangeOfSecurity",
        "The pod's securityContext field ",
        " is not allowed for pods in a locked namespace: remove it.",
    ),
    named(
        "variables.strangeContainers.size() == 0",
        "variables.strangeOfContainers",
        "A container's field ",
        " is not allowed for pods in a locked namespace: remove it.",
    ),
    named(
        "variables.strangeVolumes.size() == 0",
        "variables.strangeVolumes.map(v, v.filter(k, !(k in variables.volumeTypes))[0])",
        "A volume of type ",
        ` connects to storage that the pod names, bypassing the egress gateway: use one of ${VOLUME_TYPES.join(", ")}. For network storage, ask an administrator of the cluster for a StorageClass.`,
    ),
    named(
        "variables.nodeAnnotations.size() == 0",
        "variables.nodeAnnotations",
        "The annotation ",
        " changes how the node's network or runtime treats the pod, possibly outside NetworkPolicies: remove it.",
    ),
    named(
        "variables.identityLabels.size() == 0",
        "variables.identityLabels",
        "The label ",
        " is one by which network plugins tell a pod's namespace or account, so that the policies of another namespace could apply: remove it.",
    ),
    {
        expression: `variables.apps.all(c, (${CALLS}).all(call, ${LOCAL_CALL}))`,
        message:
            "A probe or lifecycle hook with `host` or a header `Host` makes the kubelet call an address other than the pod's: remove `host` and the header. The kubelet then calls the pod itself.",
    },
    {
        expression: `variables.apps.all(c, ${optional("c", "ports", "[]")}.all(p, !has(p.hostPort) || p.hostPort == 0))`,
        message:
            "A hostPort exposes the pod on its node's address: remove hostPort, and use a Service of type ClusterIP.",
    },
    {
        expression: `variables.apps.all(c, !has(c.resources) || !has(c.resources.claims))`,
        message: "A container claims a device with resources.claims, which can be a network card: remove the claim.",
    },
    {
        expression: `(!has(variables.spec.nodeName) || variables.isPod && request.operation == "UPDATE")`,
        message:
            "nodeName bypasses the scheduler and can select a node that enforces no NetworkPolicies: use nodeSelector or affinity.",
    },
    {
        // Every pod tolerates not-ready with NoExecute for some minutes; it is not scheduled to such a node.
        expression: `${optional("variables.spec", "tolerations", "[]")}.all(t, has(t.key) && t.key != "" && !t.key.matches(${cel(TAINTS)}) && (t.key != "node.kubernetes.io/not-ready" || has(t.effect) && t.effect == "NoExecute"))`,
        message:
            "A toleration of every taint, of virtual nodes, or of nodes whose network is not ready lets the pod run on virtual nodes or others where NetworkPolicies are not enforced: give each toleration the key of another taint.",
    },
    {
        expression: `!has(variables.spec.priorityClassName) || !variables.spec.priorityClassName.startsWith("system-")`,
        message:
            "With a priority class of the system the pod could take the place of the pods that enforce the lockdown: use another priorityClassName.",
    },
    {
        expression: `variables.volumes.all(v, !has(v.projected) || ${optional("v.projected", "sources", "[]")}.all(s, s.all(k, k in ${cel(PROJECTED_SOURCES)})))`,
        message: `A source of a projected volume is not allowed in a locked namespace: use ${PROJECTED_SOURCES.join(", ")}.`,
    },
    {
        // The sidecar's own volume of that name is in no container of the application.
        expression: `variables.volumes.all(v, !has(v.projected) || v.name == "istio-token" || ${optional("v.projected", "sources", "[]")}.all(s, !has(s.serviceAccountToken) || !has(s.serviceAccountToken.audience) || s.serviceAccountToken.audience != ${cel(MESH_AUDIENCE)}))`,
        message: `With a token for the audience ${MESH_AUDIENCE} the application could get the mesh's certificate itself, and call the gateway past its sidecar: give the token another audience.`,
    },
    {
        expression: `!has(variables.spec.os) || variables.spec.os.name == "linux"`,
        message: "Sidecars run on Linux only: set os.name to linux, or remove os.",
    },
    {
        expression: `variables.apps.all(c, ${effective("runAsNonRoot")} == [true])`,
        message: "A container may run as root: set runAsNonRoot to true in the pod's securityContext.",
    },
    {
        expression: `variables.apps.all(c, ${effective("seccompProfile")}.exists(p, p.type in ["RuntimeDefault", "Localhost"]))`,
        message:
            "A container has no seccomp profile: set seccompProfile.type to RuntimeDefault in the pod's securityContext.",
    },
    {
        expression: `${profiles("appArmorProfile", ["RuntimeDefault", "Localhost"])} && variables.annotations.all(k, !k.startsWith("container.apparmor.security.beta.kubernetes.io/") || variables.annotations[k] == "runtime/default" || variables.annotations[k].startsWith("localhost/"))`,
        message: "AppArmor is turned off for a container: set appArmorProfile.type to RuntimeDefault, or remove it.",
    },
    {
        expression: `${contexts}.all(s, !has(s.seLinuxOptions) || s.seLinuxOptions.all(k, s.seLinuxOptions[k] == "" || k == "level" || k == "type" && s.seLinuxOptions[k] in ${cel(SELINUX_TYPES)}))`,
        message: `These seLinuxOptions change what the container may do on its node: remove user and role, and use one of the types ${SELINUX_TYPES.slice(1).join(", ")}.`,
    },
    {
        expression: `variables.apps.all(c, !has(c.securityContext) || !has(c.securityContext.procMount) || c.securityContext.procMount == "Default")`,
        message: "This procMount exposes more of the node's kernel to the container: set it to Default, or remove it.",
    },
    {
        expression: `${optional("variables.security", "sysctls", "[]")}.all(s, s.name in ${cel(SYSCTLS)})`,
        message:
            "A sysctl is not among Pod Security's safe sysctls, or is net.ipv4.ping_group_range, which lets the pod send ICMP packets: remove it.",
    },
];
