import { KubernetesObject, istioObject } from "./kubernetesObject";
import { HelmValues } from "./mesh";
import { refuseLabel } from "./names";
import { Refusal } from "./refusal";
import { refuseWholeNumber } from "./wholeNumber";

/** The port on which the gateway takes calls from sidecars. */
export const GATEWAY_PORT = 443;

export interface Toleration {
    key?: string;
    operator?: string;
    value?: string;
    effect?: string;
}

/** Where a gateway is, as its routes need to know it. */
export interface GatewayPlace {
    name: string;
    namespace: string;
}

export interface GatewayRequest extends GatewayPlace {
    meshNamespace: string;
    minReplicas: number;
    maxReplicas: number;
    revision?: string;
    nodeSelector?: Record<string, string>;
    tolerations?: Toleration[];
    resources?: HelmValues;
}

export interface GatewayObjects {
    gateway: KubernetesObject;
    destinationRule: KubernetesObject;
    tlsByDefault: KubernetesObject;
    clusterAsUsual: KubernetesObject;
    denyByDefault: KubernetesObject;
}

export function refuseGateway(request: GatewayRequest): Refusal[] {
    return [
        ...refuseLabel("gatewayName", request.name, "a gateway"),
        ...refuseLabel("namespace", request.namespace, "a namespace"),
        ...refuseRootNamespace(request),
        ...refuseReplicas(request),
    ];
}

function refuseRootNamespace(request: GatewayRequest): Refusal[] {
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

function refuseReplicas({ minReplicas, maxReplicas }: GatewayRequest): Refusal[] {
    const refusals = [
        ...refuseWholeNumber("minReplicas", minReplicas, "is no number of replicas"),
        ...refuseWholeNumber("maxReplicas", maxReplicas, "is no number of replicas"),
    ];
    if (refusals.length === 0 && maxReplicas < minReplicas) {
        refusals.push({
            path: "maxReplicas",
            value: maxReplicas,
            problem: `is less than minReplicas (${minReplicas})`,
            expected: `at least ${minReplicas}`,
            fix: "Raise maxReplicas or lower minReplicas",
        });
    }
    return refusals;
}

/** The labels by which Gateway and AuthorizationPolicy find the gateway's pods. */
export function gatewaySelector(gateway: { name: string }): Record<string, string> {
    return { istio: gateway.name };
}

/** The gateway's service, as sidecars address it. */
export function gatewayServiceHost(gateway: GatewayPlace): string {
    return `${gateway.name}.${gateway.namespace}.svc.cluster.local`;
}

/** Values of Istio's `gateway` chart. */
export function gatewayValues(request: GatewayRequest): HelmValues {
    const selector = gatewaySelector(request);
    const podLabels = { matchLabels: selector };
    const scales = request.maxReplicas > request.minReplicas;
    return {
        name: request.name,
        revision: request.revision ?? "",
        labels: { app: request.name, ...selector },
        // Only workloads of the mesh call it, so it needs neither a load balancer nor the chart's plaintext port.
        service: {
            type: "ClusterIP",
            ports: [
                { name: "status-port", port: 15021, protocol: "TCP", targetPort: 15021 },
                { name: "https", port: GATEWAY_PORT, protocol: "TCP", targetPort: GATEWAY_PORT },
            ],
        },
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

/** What all routes of one gateway share, however many hosts they have. */
export function gatewayObjects(place: GatewayPlace): GatewayObjects {
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
        // An ALLOW policy without rules: what no route's own policy allows is refused with 403.
        denyByDefault: istioObject("AuthorizationPolicy", shared("deny-by-default"), {
            selector: { matchLabels: gatewaySelector(place) },
            action: "ALLOW",
        }),
    };
}
