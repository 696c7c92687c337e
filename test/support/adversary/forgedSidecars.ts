import { PodTemplate } from "../workloads";

/*
 * Pods that say to be injected already and bring a part of the sidecar of their own, which istiod merges into its own.
 */

export interface Forgery {
    attempt: string;
    message: RegExp;
    name: string;
    fields: Record<string, unknown>;
}

const part = (name: string) => new RegExp(`The ${name} of a container named as one of Istio's differs`);
const redirection = /The user of the sidecar, whose traffic is not redirected, is also the application's/;
const proxy = (attempt: string, message: RegExp, fields: Record<string, unknown>): Forgery => ({
    attempt,
    message,
    name: "istio-proxy",
    fields,
});

export const FORGERIES: Forgery[] = [
    proxy("an image of its own", /The sidecar's image is not one of the mesh's/, {
        image: "elsewhere.example/proxyv2:1",
    }),
    proxy("a command", part("fields"), { image: "auto", command: ["sh", "-c", "true"] }),
    proxy("other arguments", part("command or arguments"), { image: "auto", args: ["istio-iptables", "--help"] }),
    proxy("an argument more", part("command or arguments"), {
        image: "auto",
        args: ["proxy", "sidecar", "--templateFile=/etc/mine"],
    }),
    proxy("the root user", part("securityContext"), {
        image: "auto",
        securityContext: { runAsUser: 0, runAsNonRoot: false },
    }),
    proxy("privileges", part("securityContext"), {
        image: "auto",
        securityContext: { privileged: true, allowPrivilegeEscalation: true },
    }),
    proxy("a capability", part("securityContext"), {
        image: "auto",
        securityContext: { capabilities: { add: ["NET_ADMIN"] } },
    }),
    proxy("a writable root file system", part("securityContext"), {
        image: "auto",
        securityContext: { readOnlyRootFilesystem: false },
    }),
    proxy("a command after its start", part("lifecycle hooks"), {
        image: "auto",
        lifecycle: { postStart: { exec: { command: ["sh", "-c", "true"] } } },
    }),
    proxy("a call after its start", part("lifecycle hooks"), {
        image: "auto",
        lifecycle: { postStart: { httpGet: { host: "203.0.113.9", port: 80 } } },
    }),
    proxy("a probe that runs a command", part("probes"), {
        image: "auto",
        livenessProbe: { exec: { command: ["sh", "-c", "true"] } },
    }),
    proxy("a probe that calls another address", part("probes"), {
        image: "auto",
        livenessProbe: { httpGet: { host: "203.0.113.9", port: 80, path: "/healthz/ready" } },
    }),
    proxy("an environment variable", part("environment"), {
        image: "auto",
        env: [{ name: "LD_PRELOAD", value: "/mine.so" }],
    }),
    proxy("a secret in its environment", part("environment"), {
        image: "auto",
        env: [{ name: "ISTIO_META_X", valueFrom: { secretKeyRef: { name: "x", key: "y" } } }],
    }),
    proxy("a program in its settings", part("environment"), {
        image: "auto",
        env: [{ name: "PROXY_CONFIG", value: '{"binaryPath":"/mine"}' }],
    }),
    proxy("a program in its settings as YAML", part("environment"), {
        image: "auto",
        env: [{ name: "PROXY_CONFIG", value: "binaryPath: /mine" }],
    }),
    proxy("a program in its settings behind an escape", part("environment"), {
        image: "auto",
        env: [{ name: "PROXY_CONFIG", value: '{"\\u0062inaryPath":"/mine"}' }],
    }),
    proxy("an environment from a ConfigMap", part("fields"), {
        image: "auto",
        envFrom: [{ configMapRef: { name: "mine" } }],
    }),
    proxy("a volume over its programs", part("volume mounts"), {
        image: "auto",
        volumeMounts: [{ name: "mine", mountPath: "/usr/local/bin" }],
    }),
    proxy("a volume over its configuration", part("volume mounts"), {
        image: "auto",
        volumeMounts: [{ name: "mine", mountPath: "/etc/istio/proxy" }],
    }),
    proxy("a port of the node for the sidecar", part("ports"), {
        image: "auto",
        ports: [{ containerPort: 15090, hostPort: 15090, name: "http-envoy-prom" }],
    }),
    proxy("a terminal", part("fields"), { image: "auto", stdin: true, tty: true }),
    proxy("the application's user, whose traffic would not be redirected", redirection, {
        image: "auto",
        securityContext: { runAsUser: 65532 },
    }),
    proxy("the application's group", redirection, { image: "auto", securityContext: { runAsGroup: 65532 } }),
    proxy("a control plane without a certificate", part("environment"), {
        image: "auto",
        env: [{ name: "PROXY_CONFIG", value: '{"controlPlaneAuthPolicy":"NONE"}' }],
    }),
    proxy("a certificate authority in plaintext", part("environment"), {
        image: "auto",
        env: [{ name: "CA_ADDR", value: "mine.adversary-locked.svc:15010" }],
    }),
    proxy("a certificate authority in plaintext that the kubelet puts together", part("environment"), {
        image: "auto",
        env: [
            { name: "PILOT_CERT_PROVIDER", value: "15010" },
            { name: "CA_ADDR", value: "127.0.0.1:$(PILOT_CERT_PROVIDER)" },
        ],
    }),
    proxy("a program in its settings that the kubelet puts there", part("environment"), {
        image: "auto",
        env: [
            {
                name: "PILOT_CERT_PROVIDER",
                value: 'x","binaryPath":"/var/run/secrets/kubernetes.io/serviceaccount/run',
            },
            { name: "PROXY_CONFIG", value: '{"serviceCluster":"$(PILOT_CERT_PROVIDER)"}' },
        ],
    }),
    proxy("another authority that vouches for its control plane", part("environment"), {
        image: "auto",
        env: [{ name: "PILOT_CERT_PROVIDER", value: "kubernetes" }],
    }),
    proxy("a volume in place of the API server's token", part("volume mounts"), {
        image: "auto",
        volumeMounts: [{ name: "mine", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
    }),
    proxy("a network card", /A container requests a device that can be a network card/, {
        image: "auto",
        resources: { limits: { "rdma/hca": "1" }, requests: { "rdma/hca": "1" } },
    }),
    {
        attempt: "a port that is not redirected",
        message: part("command or arguments"),
        name: "istio-init",
        fields: { image: "auto", args: ["istio-iptables", "-p", "15001", "-o", "443"] },
    },
    {
        attempt: "privileges for the init container",
        message: part("securityContext"),
        name: "istio-init",
        fields: { image: "auto", securityContext: { privileged: true, allowPrivilegeEscalation: true } },
    },
    {
        attempt: "a capability for the init container",
        message: part("securityContext"),
        name: "istio-init",
        fields: { image: "auto", securityContext: { capabilities: { add: ["SYS_ADMIN"] } } },
    },
    {
        attempt: "an environment variable for the init container",
        message: part("environment"),
        name: "istio-init",
        fields: { image: "auto", env: [{ name: "LD_PRELOAD", value: "/mine.so" }] },
    },
];

/** The pod with a container of Istio's name that says to be injected. */
export function forged(template: PodTemplate, { name, fields }: Forgery): PodTemplate {
    const [app] = template.spec.containers;
    const own = { name, ...fields } as unknown as typeof app;
    const volumes = [{ name: "mine", emptyDir: {} }];
    template.metadata.annotations = { "sidecar.istio.io/status": "{}" };
    return {
        ...template,
        spec: {
            ...template.spec,
            volumes,
            ...(name === "istio-proxy" ? { containers: [app, own] } : { initContainers: [own] }),
        },
    };
}
