import type { AnyObject } from "../../../lab/proof/cluster";

/* Objects other than pods that a tenant may try in a locked namespace. */

export interface ObjectAttempt {
    attempt: string;
    message: RegExp;
    /** Without a namespace. */
    object: AnyObject;
    /** Whether it takes more rights than the role `edit` has. */
    rights?: boolean;
}

const made = (apiVersion: string, kind: string, spec: object): AnyObject => ({
    apiVersion,
    kind,
    metadata: { name: "try" },
    ...spec,
});

const service = (attempt: string, message: RegExp, spec: object): ObjectAttempt => ({
    attempt: `a Service ${attempt}`,
    message,
    object: made("v1", "Service", { spec: { ports: [{ port: 443 }], selector: { app: "try" }, ...spec } }),
});

const kind = (apiVersion: string, name: string, resource: string, rest: object, rights = false): ObjectAttempt => ({
    rights,
    attempt: `the kind ${name}`,
    message: new RegExp(`Objects of ${resource.replaceAll(".", "[.]")} are not allowed in a locked namespace`),
    object: made(apiVersion, name, rest),
});

const grafana = (name: string, label: string, rest: object): ObjectAttempt => ({
    attempt: `Grafana, by a ${name} with the label ${label}`,
    message: /Grafana would call an address that this object names/,
    object: made("v1", name, { metadata: { name: "try", labels: { [label]: "1" } }, ...rest }),
});

const ISTIO = "networking.istio.io/v1";
const ports = [{ number: 80, name: "http", protocol: "HTTP" }];

export const OBJECT_ATTEMPTS: ObjectAttempt[] = [
    service("of type LoadBalancer", /must have the type ClusterIP/, { type: "LoadBalancer" }),
    service("of type NodePort", /must have the type ClusterIP/, { type: "NodePort" }),
    service("of type ExternalName", /ExternalName bypasses the gateway/, {
        type: "ExternalName",
        externalName: "elsewhere.example",
    }),
    service("with a partner's address", /externalIPs redirect the cluster's calls/, { externalIPs: ["203.0.113.9"] }),
    ...[
        "external-dns.alpha.kubernetes.io/hostname",
        "ad.datadoghq.com/service.instances",
        "getambassador.io/config",
        "tailscale.com/expose",
    ].map((key) => ({
        attempt: `a Service with the annotation ${key}`,
        message: /makes an agent of the cluster call an address or publish a name/,
        object: made("v1", "Service", {
            metadata: { name: "try", annotations: { [key]: "data.elsewhere.example" } },
            spec: { ports: [{ port: 443 }], selector: { app: "try" } },
        }),
    })),
    ...[
        { label: "grafana_dashboard", key: "board.json.url" },
        { label: "grafana_datasource", key: "source.yaml" },
        { label: "grafana_alert", key: "contact.yaml" },
    ].flatMap(({ label, key }) => [
        grafana("ConfigMap", label, { data: { [key]: "http://203.0.113.9/?data" } }),
        grafana("Secret", label, { stringData: { [key]: "http://203.0.113.9/?data" } }),
    ]),
    ...["telemetry.istio.io/v1", "telemetry.istio.io/v1alpha1"].map((apiVersion) => ({
        attempt: `a Telemetry (${apiVersion}) that turns the logs of its sidecars off`,
        message: /decides what the sidecars of a locked namespace log/,
        object: made(apiVersion, "Telemetry", { spec: { accessLogging: [{ disabled: true }] } }),
    })),
    kind(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "discovery.k8s.io/endpointslices",
        { addressType: "IPv4", endpoints: [{ addresses: ["203.0.113.9"] }] },
        true,
    ),
    kind(
        "v1",
        "Endpoints",
        "/endpoints",
        { subsets: [{ addresses: [{ ip: "203.0.113.9" }], ports: [{ port: 443 }] }] },
        true,
    ),
    kind("networking.k8s.io/v1", "Ingress", "networking.k8s.io/ingresses", {
        metadata: {
            name: "try",
            annotations: { "nginx.ingress.kubernetes.io/auth-url": "https://elsewhere.example/" },
        },
        spec: { defaultBackend: { service: { name: "try", port: { number: 80 } } } },
    }),
    kind(ISTIO, "ServiceEntry", "networking.istio.io/serviceentries", {
        spec: { hosts: ["mine.example"], ports, resolution: "DNS" },
    }),
    kind(ISTIO, "Sidecar", "networking.istio.io/sidecars", {
        spec: { outboundTrafficPolicy: { mode: "ALLOW_ANY" } },
    }),
    kind("networking.istio.io/v1alpha3", "EnvoyFilter", "networking.istio.io/envoyfilters", {
        spec: { configPatches: [] },
    }),
    kind("networking.istio.io/v1beta1", "ProxyConfig", "networking.istio.io/proxyconfigs", {
        spec: { concurrency: 1 },
    }),
    kind(ISTIO, "WorkloadEntry", "networking.istio.io/workloadentries", {
        spec: { address: "203.0.113.9", labels: { app: "try" } },
    }),
    kind(ISTIO, "WorkloadGroup", "networking.istio.io/workloadgroups", { spec: { template: { labels: { a: "b" } } } }),
    kind("extensions.istio.io/v1alpha1", "WasmPlugin", "extensions.istio.io/wasmplugins", {
        spec: { url: "oci://elsewhere.example/plugin:1" },
    }),
    kind(
        "resource.k8s.io/v1",
        "ResourceClaim",
        "resource.k8s.io/resourceclaims",
        { spec: { devices: { requests: [] } } },
        true,
    ),
    ...[
        { what: "an address", to: [{ ipBlock: { cidr: "203.0.113.9/32" } }] },
        { what: "everything", to: undefined },
        { what: "every namespace", to: [{ namespaceSelector: {} }] },
    ].map(({ what, to }) => ({
        attempt: `a NetworkPolicy that opens ${what}`,
        message: /may allow egress to pods of locked namespaces only/,
        object: made("networking.k8s.io/v1", "NetworkPolicy", {
            spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to }] },
        }),
    })),
];
