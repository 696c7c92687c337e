import { KubernetesObject, istioObject } from "../shared/kubernetesObject";
import { EgressGatewayOptions } from "./gatewayOptions";
import { HelmValues } from "./helmValues";
import { credentialFolder, credentialVolume } from "../pki/credentialFiles";
import { GATEWAY_STATISTICS } from "../observability/gatewayStatistics";
import { validateAddonGateway, validateAddonGatewayName } from "./meshAddon";
import { validateLabel, validateSecretName, validateServiceName } from "../shared/names";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** The port on which the gateway takes calls from sidecars. */
export const GATEWAY_PORT = 443;

/** The port for TLS of the applications' own, inside the mesh's. */
export const PASSTHROUGH_PORT = 15444;

/** The port for calls in plaintext, open only where the gateway is told to. */
export const PLAINTEXT_PORT = 80;

/** Where the pod listens for a port of its service: above 1024, which takes no privilege on any platform. */
export function podPort(port: number): number {
    return port < 1024 ? port + 8000 : port;
}

/** Where its pods take calls over the mesh's mutual TLS. */
export const MESH_POD_PORTS = [GATEWAY_PORT, PASSTHROUGH_PORT].map(podPort);

/** Where a gateway is, as its routes need to know it. */
export interface GatewayLocation {
    name: string;
    namespace: string;
}

type SameInBoth = "plaintextPort" | "mountedCredentials" | "nodeSelector" | "tolerations" | "resources" | "workers";

/** A gateway with its defaults, and what the mesh says of it. */
export interface ResolvedGateway extends GatewayLocation, Pick<EgressGatewayOptions, SameInBoth> {
    meshNamespace: string;
    minReplicas: number;
    maxReplicas: number;
    revision?: string;
    /** Names of the settings that were given to a gateway which AKS runs. */
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
            : validateWholeNumber("workers", request.workers, "is no number of workers", { most: MOST_WORKERS })),
        ...(request.addonSettings
            ? [...validateAddonGateway(request.addonSettings), ...validateAddonGatewayName("gatewayName", request.name)]
            : []),
        ...(request.mountedCredentials ?? []).flatMap((name, index) =>
            validateSecretName(`mountedCredentials[${index}]`, name),
        ),
    ];
}

/** Claims the gateway's name, or refuses it where another gateway has it: `taken` has the namespace of each. */
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
            problem: `is already the gateway in namespace ${JSON.stringify(other)}, and Istio gives a gateway's pods by their label, in every namespace, the configuration of both`,
            expected: "a name for each gateway of the cluster",
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
            expected: "a namespace for the egress gateway alone",
            fix: 'Leave it out for "istio-egress", or name another',
        },
    ];
}

function validateReplicas({ minReplicas, maxReplicas }: ResolvedGateway): Violation[] {
    const violations = [
        ...validateWholeNumber("minReplicas", minReplicas, "is no number of replicas"),
        ...validateWholeNumber("maxReplicas", maxReplicas, "is no number of replicas"),
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

/** The labels by which Gateway and AuthorizationPolicy find the gateway's pods. */
export function gatewaySelector(gateway: { name: string }): Record<string, string> {
    return { istio: gateway.name };
}

/** All labels of the gateway's pods. */
export function gatewayPodLabels(gateway: { name: string }): Record<string, string> {
    return { app: gateway.name, ...gatewaySelector(gateway) };
}

/** The gateway's service, as sidecars address it. */
export function gatewayServiceHost(gateway: GatewayLocation): string {
    return `${gateway.name}.${gateway.namespace}.svc.cluster.local`;
}

/** More than any node has cores; a larger number is a mistake. */
const MOST_WORKERS = 256;

/** Values of Istio's `gateway` chart. */
export function gatewayValues(request: ResolvedGateway): HelmValues {
    const selector = gatewaySelector(request);
    const podLabels = { matchLabels: selector };
    const scales = request.maxReplicas > request.minReplicas;
    return {
        name: request.name,
        revision: request.revision ?? "",
        labels: gatewayPodLabels(request),
        // Only workloads of the mesh call it, so it needs no load balancer.
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
            "proxy.istio.io/config": JSON.stringify({ ...GATEWAY_STATISTICS, concurrency: request.workers }),
        },
        ...(request.mountedCredentials && credentialMounts(request.mountedCredentials)),
        // The chart's own sets a sysctl for privileged ports, of which there are none here.
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        // The pod template says `image: auto`, for which Kubernetes would ask the registry at every start.
        imagePullPolicy: "IfNotPresent",
        ...(!scales && { replicaCount: request.minReplicas }),
        autoscaling: { enabled: scales, minReplicas: request.minReplicas, maxReplicas: request.maxReplicas },
        // With one replica there is nothing to keep: the chart then makes no budget, and a drain is not blocked.
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

function credentialMounts(names: string[]): HelmValues {
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

/** What all routes of one gateway share, however many hosts they have. */
export function gatewayObjects(place: GatewayLocation & { plaintextPort?: boolean }): GatewayObjects {
    const metadata = (name: string) => ({ name, namespace: place.namespace });
    // No name that is made of a host has a dot, so no route's object can take the place of one of these.
    const shared = (what: string) => metadata(`${place.name}.${what}`);
    return {
        gateway: istioObject("Gateway", metadata(place.name), {
            selector: gatewaySelector(place),
            servers: [
                {
                    port: { number: GATEWAY_PORT, name: "https-mesh", protocol: "HTTPS" },
                    tls: { mode: "ISTIO_MUTUAL" },
                    // Only routes of the gateway's own namespace bind to it: nobody else can claim a host here.
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
                    {
                        port: { number: GATEWAY_PORT },
                        tls: { mode: "ISTIO_MUTUAL" },
                        connectionPool: { http: { h2UpgradePolicy: "UPGRADE" } },
                    },
                    ...(place.plaintextPort ? [{ port: { number: PLAINTEXT_PORT }, tls: { mode: "DISABLE" } }] : []),
                ],
            },
        }),
        // While a route's own rule is missing, Istio would send its calls in plaintext; with this one they fail.
        tlsByDefault: istioObject("DestinationRule", shared("tls-by-default"), {
            host: "*",
            exportTo: ["."],
            trafficPolicy: { tls: { mode: "SIMPLE" } },
        }),
        // What the gateway itself calls inside the cluster, such as a trace collector, keeps the mesh's own rules.
        clusterAsUsual: istioObject("DestinationRule", shared("cluster-as-usual"), {
            host: "*.svc.cluster.local",
            exportTo: ["."],
        }),
        denyByDefault: istioObject("AuthorizationPolicy", shared("deny-by-default"), callerPolicy(place)),
    };
}

/**
 * What comes to a gateway at all: HTTP from workloads of the mesh, whose routes then ask who calls. The rest is refused with 403, but
 * for what a passthrough route's own policy allows. It is the same whatever the routes are, so that no route's change
 * touches the connections of others.
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
            // Who calls in plaintext has no identity; only routes of that port let it on.
            ...(plaintextPort ? [{ to: [http(PLAINTEXT_PORT)] }] : []),
        ],
    };
}
