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
        { name: "PILOT_CERT_PROVIDER", value: "istiod" },
        { name: "CA_ADDR", value: "istiod.istio-system.svc:15012" },
        ...Object.entries({
            POD_NAME: "metadata.name",
            POD_NAMESPACE: "metadata.namespace",
            INSTANCE_IP: "status.podIP",
            SERVICE_ACCOUNT: "spec.serviceAccountName",
            HOST_IP: "status.hostIP",
            ISTIO_META_NODE_NAME: "spec.nodeName",
        }).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
        { name: "GOMAXPROCS", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1" } } },
        { name: "PROXY_CONFIG", value: '{"holdApplicationUntilProxyStarts":true}\n' },
        { name: "ISTIO_META_POD_PORTS", value: "[\n]" },
        { name: "ISTIO_META_APP_CONTAINERS", value: "app" },
        { name: "ISTIO_META_OWNER", value: "kubernetes://apis/apps/v1/namespaces/locked/deployments/app" },
        { name: "TRUST_DOMAIN", value: "cluster.local" },
        // istiod writes this one if the mesh sends traces by OpenTelemetry.
        {
            name: "OTEL_RESOURCE_ATTRIBUTES",
            value: "service.namespace=locked,service.instance.id=locked.$(POD_NAME).app",
        },
    ],
    securityContext: {
        ...BARE,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
        runAsGroup: 1337,
        runAsNonRoot: true,
        runAsUser: 1337,
    },
    volumeMounts: Object.entries({
        "workload-socket": "/var/run/secrets/workload-spiffe-uds",
        "credential-socket": "/var/run/secrets/credential-uds",
        "workload-certs": "/var/run/secrets/workload-spiffe-credentials",
        "istiod-ca-cert": "/var/run/secrets/istio",
        "istio-ca-crl": "/var/run/secrets/istio/crl",
        "istio-data": "/var/lib/istio/data",
        "istio-envoy": "/etc/istio/proxy",
        "istio-token": "/var/run/secrets/tokens",
        "istio-podinfo": "/etc/istio/pod",
    }).map(([name, mountPath]) => ({ name, mountPath })),
};

const serviceAccountToken = { audience: "istio-ca", expirationSeconds: 43200, path: "istio-token" };
const VOLUMES = [
    ...["workload-socket", "credential-socket", "workload-certs", "istio-data"].map((name) => ({ name, emptyDir: {} })),
    { name: "istio-envoy", emptyDir: { medium: "Memory" } },
    {
        name: "istio-podinfo",
        downwardAPI: {
            items: ["labels", "annotations"].map((path) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } })),
        },
    },
    { name: "istio-token", projected: { sources: [{ serviceAccountToken }] } },
    { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
    { name: "istio-ca-crl", configMap: { name: "istio-ca-crl", optional: true } },
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
