import { ISTIO_IMAGES, ISTIO_VERSION } from "../../../plan/shared/officialSources";
import type { PodTemplate } from "../workloads";

/** A part of the sidecar in a pod. */
export type InjectedContainer = PodTemplate["spec"]["containers"][number];

const IMAGE = `${ISTIO_IMAGES}/proxyv2:${ISTIO_VERSION}`;
const BARE = { allowPrivilegeEscalation: false, privileged: false };

const INIT: InjectedContainer = {
    name: "istio-init",
    image: IMAGE,
    args: [
        "istio-iptables",
        ...["-p", "15001", "-z", "15006", "-u", "1337", "-m", "REDIRECT"],
        ...["-i", "*", "-x", "", "-b", "*", "-d", "15090,15021,15020", "--log_output_level=default:info"],
    ],
    securityContext: {
        ...BARE,
        capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] },
        readOnlyRootFilesystem: false,
        runAsGroup: 0,
        runAsNonRoot: false,
        runAsUser: 0,
    },
};

const PROXY: InjectedContainer = {
    name: "istio-proxy",
    image: IMAGE,
    args: ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local", "--proxyLogLevel=warning"],
    env: [
        { name: "CA_ADDR", value: "istiod.istio-system.svc:15012" },
        { name: "PROXY_CONFIG", value: '{"holdApplicationUntilProxyStarts":true}' },
    ],
    securityContext: {
        ...BARE,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
        runAsGroup: 1337,
        runAsNonRoot: true,
        runAsUser: 1337,
    },
    volumeMounts: [
        { name: "istiod-ca-cert", mountPath: "/var/run/secrets/istio" },
        { name: "istio-token", mountPath: "/var/run/secrets/tokens" },
        { name: "istio-envoy", mountPath: "/etc/istio/proxy" },
    ],
};

const serviceAccountToken = { audience: "istio-ca", expirationSeconds: 43200, path: "istio-token" };
const VOLUMES = [
    { name: "istio-envoy", emptyDir: { medium: "Memory" } },
    { name: "istio-token", projected: { sources: [{ serviceAccountToken }] } },
    { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
];

/**
 * The pod with what istiod adds to it, for an API server without istiod. `forge` changes the parts of the sidecar, as
 * a tenant may who says that the pod is injected already.
 */
export function injected(
    { metadata, spec }: PodTemplate,
    forge: (proxy: InjectedContainer, init: InjectedContainer) => void = () => {},
): PodTemplate {
    const [proxy, init] = [structuredClone(PROXY), structuredClone(INIT)];
    forge(proxy, init);
    return {
        metadata: { ...metadata, annotations: { "sidecar.istio.io/status": "{}", ...metadata.annotations } },
        spec: {
            ...spec,
            initContainers: [init, ...(spec.initContainers ?? [])],
            containers: [...spec.containers, proxy],
            volumes: [...((spec.volumes as object[] | undefined) ?? []), ...VOLUMES],
        },
    };
}
