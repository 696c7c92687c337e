import { KubernetesObject, istioObject } from "../shared/kubernetesObject";
import { EgressGatewayOptions } from "./gatewayOptions";
import { HelmValues } from "./helmValues";
import { credentialFolder, credentialVolume } from "../pki/credentialFiles";
import { GATEWAY_STATISTICS } from "../observability/gatewayStatistics";
import { overloadValues } from "./overload";
import { validateAddonGateway, validateAddonGatewayName } from "./meshAddon";
import { validateLabel, validateSecretName, validateServiceName } from "../shared/names";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import { serviceHost, serviceHosts } from "../shared/serviceHost";
import { HTTPS_PORT, HTTP_PORT } from "../shared/ports";
import { DEAD_ADDRESSES, TCP_CONNECTIONS } from "../shared/connectionDefaults";
import { GATEWAY_DEFAULTS } from "./gatewayOptions";

/** Port on which the gateway accepts calls from sidecars. */
export const GATEWAY_PORT = HTTPS_PORT;

/** Port for the applications' own TLS, inside the mesh's mutual TLS. */
export const PASSTHROUGH_PORT = 15444;

/** Port for calls in plaintext, open only with `plaintextPort`. */
export const PLAINTEXT_PORT = HTTP_PORT;

/**
 * Port on which the pod listens for a port of its service. It is above 1024, so it needs no privileges on any platform.
 */
export function podPort(port: number): number {
    return port < 1024 ? port + 8000 : port;
}

/** Ports on which the gateway's pods accept calls over the mesh's mutual TLS. */
export const MESH_POD_PORTS = [GATEWAY_PORT, PASSTHROUGH_PORT].map(podPort);

/** Location of a gateway, for its routes. */
export interface GatewayLocation {
    name: string;
    namespace: string;
}

type SameInBoth = "plaintextPort" | "mountedCredentials" | "nodeSelector" | "tolerations" | "resources" | "workers";

/** A gateway with its defaults and the properties of its mesh. */
export interface ResolvedGateway extends GatewayLocation, Pick<EgressGatewayOptions, SameInBoth> {
    meshNamespace: string;
    minReplicas: number;
    maxReplicas: number;
    revision?: string;
    /** Names of the settings that were given for a gateway that AKS runs. */
    addonSettings?: string[];
}

export interface GatewayObjects {
    gateway: KubernetesObject;
    destinationRule: KubernetesObject;
    tlsByDefault: KubernetesObject;
    clusterAsUsual: KubernetesObject;
    denyByDefault: KubernetesObject;
}

export function validateGateway(request: ResolvedGateway): Violation[] {
    return [
        ...validateServiceName("gatewayName", request.name, "a gateway's service"),
        ...validateLabel("namespace", request.namespace, "a namespace"),
        ...validateRootNamespace(request),
        ...validateReplicas(request),
        ...(request.workers === undefined
            ? []
            : validateWholeNumber("workers", request.workers, "is not a number of workers", { most: MOST_WORKERS })),
        ...(request.addonSettings
            ? [...validateAddonGateway(request.addonSettings), ...validateAddonGatewayName("gatewayName", request.name)]
            : []),
        ...(request.mountedCredentials ?? []).flatMap((name, index) =>
            validateSecretName(`mountedCredentials[${index}]`, name),
        ),
    ];
}

/** Claims the gateway's name, or refuses it if another gateway has it. `taken` has the namespace of each name. */
export function claimGateway(taken: Map<string, string>, { name, namespace }: GatewayLocation): Violation[] {
    const other = taken.get(name);
    if (other === undefined) {
        taken.set(name, namespace);
        return [];
    }
    return [
        {
            path: "gatewayName",
            value: name,
            problem: `is already the gateway in namespace ${JSON.stringify(other)}, and Istio selects gateway pods by label in all namespaces, so both would get the configuration of both`,
            expected: "a unique name for each gateway of the cluster",
            fix: "Rename one of the two",
        },
    ];
}

function validateRootNamespace(request: ResolvedGateway): Violation[] {
    if (request.namespace !== request.meshNamespace) {
        return [];
    }
    return [
        {
            path: "namespace",
            value: request.namespace,
            problem: "is the mesh's root namespace, where a policy or rule applies to the whole mesh",
            expected: "a namespace for the egress gateway only",
            fix: `Remove it to use ${JSON.stringify(GATEWAY_DEFAULTS.namespace)}, or choose another namespace`,
        },
    ];
}

function validateReplicas({ minReplicas, maxReplicas }: ResolvedGateway): Violation[] {
    const violations = [
        ...validateWholeNumber("minReplicas", minReplicas, "is not a number of replicas"),
        ...validateWholeNumber("maxReplicas", maxReplicas, "is not a number of replicas"),
    ];
    if (violations.length === 0 && maxReplicas < minReplicas) {
        violations.push({
            path: "maxReplicas",
            value: maxReplicas,
            problem: `is less than minReplicas (${minReplicas})`,
            expected: `at least ${minReplicas}`,
            fix: "Raise maxReplicas or lower minReplicas",
        });
    }
    return violations;
}

/** Labels with which Gateway and AuthorizationPolicy select the gateway's pods. */
export function gatewaySelector(gateway: { name: string }): Record<string, string> {
    return { istio: gateway.name };
}

/** All labels of the gateway's pods. */
export function gatewayPodLabels(gateway: { name: string }): Record<string, string> {
    return { app: gateway.name, ...gatewaySelector(gateway) };
}

/** Host name of the gateway's service, as sidecars address it. */
export function gatewayServiceHost(gateway: GatewayLocation): string {
    return serviceHost(gateway.name, gateway.namespace);
}

/**
 * How long a pod serves after its end was asked for. An istiod that ends, as in an upgrade, tells proxies nothing for up to 10 s, its
 * `shutdownDuration`, and then they have to find the next one: until then callers know no other pods. Istio's own is 5 s.
 */
const DRAIN_SECONDS = 20;

/** More than any node has cores. A larger number is a mistake. */
const MOST_WORKERS = 256;

/** Values of Istio's `gateway` chart. */
export function gatewayValues(request: ResolvedGateway): HelmValues {
    const selector = gatewaySelector(request);
    const podLabels = { matchLabels: selector };
    const scales = request.maxReplicas > request.minReplicas;
    const overload = overloadValues(request.resources);
    const credentials = credentialMounts(request.mountedCredentials ?? []);
    return {
        name: request.name,
        revision: request.revision ?? "",
        labels: gatewayPodLabels(request),
        // Only workloads of the mesh call the gateway, so it needs no load balancer.
        service: {
            type: "ClusterIP",
            ports: [
                servicePort("status-port", 15021),
                servicePort("https", GATEWAY_PORT),
                servicePort("tls-passthrough", PASSTHROUGH_PORT),
                ...(request.plaintextPort ? [servicePort("http", PLAINTEXT_PORT)] : []),
            ],
        },
        podAnnotations: {
            ...overload.annotations,
            "proxy.istio.io/config": JSON.stringify({
                ...GATEWAY_STATISTICS,
                concurrency: request.workers,
                terminationDrainDuration: `${DRAIN_SECONDS}s`,
            }),
        },
        terminationGracePeriodSeconds: DRAIN_SECONDS + 10,
        env: overload.env,
        volumes: [...overload.volumes, ...credentials.volumes],
        volumeMounts: [...overload.volumeMounts, ...credentials.volumeMounts],
        // The chart's own security context sets a sysctl for privileged ports, which this gateway does not use.
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        // The pod template has `image: auto`, for which Kubernetes would contact the registry at every start.
        imagePullPolicy: "IfNotPresent",
        ...(!scales && { replicaCount: request.minReplicas }),
        autoscaling: { enabled: scales, minReplicas: request.minReplicas, maxReplicas: request.maxReplicas },
        // With one replica, a disruption budget would block every drain, so the chart creates none.
        podDisruptionBudget: { maxUnavailable: 1 },
        affinity: {
            podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                    {
                        weight: 100,
                        podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: podLabels },
                    },
                ],
            },
        },
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: podLabels,
            },
        ],
        ...(request.nodeSelector && { nodeSelector: request.nodeSelector }),
        ...(request.tolerations && { tolerations: request.tolerations }),
        ...(request.resources && { resources: request.resources }),
    };
}

function servicePort(name: string, port: number) {
    return { name, port, protocol: "TCP", targetPort: podPort(port) };
}

function credentialMounts(names: string[]): { volumes: HelmValues[]; volumeMounts: HelmValues[] } {
    const volume = (index: number) => `credential-${index}`;
    return {
        volumes: names.map((name, index) => ({ name: volume(index), ...credentialVolume(name) })),
        volumeMounts: names.map((name, index) => ({
            name: volume(index),
            mountPath: credentialFolder(name),
            readOnly: true,
        })),
    };
}

/**
 * How callers' proxies reach a port of the gateway's pods. A pod that does not answer is left alone, because a caller may hear late that
 * it is gone: when it was killed, when its node is lost, or when the caller's proxy is not connected to istiod.
 */
export function toGatewayPods(port: number, tls: Record<string, string>, http?: Record<string, string>) {
    return {
        port: { number: port },
        tls,
        connectionPool: { tcp: TCP_CONNECTIONS, ...(http && { http }) },
        // After two, so that the last of a call's three tries is sent to another pod.
        outlierDetection: { ...DEAD_ADDRESSES, consecutiveLocalOriginFailures: 2 },
        // With outlier detection, Istio would send all calls to the pods in the caller's zone, and with two replicas to one of them.
        loadBalancer: { localityLbSetting: { enabled: false } },
    };
}

/** Objects that all routes of a gateway share. */
export function gatewayObjects(place: GatewayLocation & { plaintextPort?: boolean }): GatewayObjects {
    const metadata = (name: string) => ({ name, namespace: place.namespace });
    // Names that are derived from a host contain no dot, so no route's object can replace one of these.
    const shared = (what: string) => metadata(`${place.name}.${what}`);
    return {
        gateway: istioObject("Gateway", metadata(place.name), {
            selector: gatewaySelector(place),
            servers: [
                {
                    port: { number: GATEWAY_PORT, name: "https-mesh", protocol: "HTTPS" },
                    tls: { mode: "ISTIO_MUTUAL" },
                    // Only routes in the gateway's own namespace bind to it, so no other namespace can claim a host
                    // here.
                    hosts: [`${place.namespace}/*`],
                },
                ...(place.plaintextPort
                    ? [
                          {
                              port: { number: PLAINTEXT_PORT, name: "http-plaintext", protocol: "HTTP" },
                              hosts: [`${place.namespace}/*`],
                          },
                      ]
                    : []),
            ],
        }),
        destinationRule: istioObject("DestinationRule", shared("service"), {
            host: gatewayServiceHost(place),
            trafficPolicy: {
                portLevelSettings: [
                    toGatewayPods(GATEWAY_PORT, { mode: "ISTIO_MUTUAL" }, { h2UpgradePolicy: "UPGRADE" }),
                    ...(place.plaintextPort ? [toGatewayPods(PLAINTEXT_PORT, { mode: "DISABLE" })] : []),
                ],
            },
        }),
        // Without a route's own rule, Istio would send its calls in plaintext. With this rule, they fail.
        tlsByDefault: istioObject("DestinationRule", shared("tls-by-default"), {
            host: "*",
            exportTo: ["."],
            trafficPolicy: { tls: { mode: "SIMPLE" } },
        }),
        // The mesh's own rules still apply to servers that the gateway calls inside the cluster, such as a trace
        // collector.
        clusterAsUsual: istioObject("DestinationRule", shared("cluster-as-usual"), {
            host: serviceHosts(),
            exportTo: ["."],
        }),
        denyByDefault: istioObject("AuthorizationPolicy", shared("deny-by-default"), callerPolicy(place)),
    };
}

/**
 * Traffic that a gateway accepts: HTTP from workloads of the mesh, for which the routes then check the caller.
 * Everything else is refused with 403, except what the policy of a passthrough route allows. The policy does not depend
 * on the routes, so a change of one route does not affect other routes' connections.
 */
export function callerPolicy({
    name,
    plaintextPort,
}: {
    name: string;
    plaintextPort?: boolean;
}): Record<string, unknown> {
    const http = (port: number) => ({ operation: { ports: [String(podPort(port))], hosts: ["*"] } });
    return {
        selector: { matchLabels: gatewaySelector({ name }) },
        action: "ALLOW",
        rules: [
            { from: [{ source: { principals: ["*"] } }], to: [http(GATEWAY_PORT)] },
            // Plaintext callers have no identity. Only routes of that port accept them.
            ...(plaintextPort ? [{ to: [http(PLAINTEXT_PORT)] }] : []),
        ],
    };
}
