import { Violation } from "../../shared/violation";

/** Kinds that ordinary applications use. The core group has no name. */
export const ORDINARY_KINDS: Record<string, string[]> = {
    "": [
        "configmaps",
        "events",
        "limitranges",
        "persistentvolumeclaims",
        "pods",
        "pods/attach",
        "pods/ephemeralcontainers",
        "pods/eviction",
        "pods/exec",
        "pods/portforward",
        "pods/resize",
        "podtemplates",
        "replicationcontrollers",
        "replicationcontrollers/scale",
        "resourcequotas",
        "secrets",
        "serviceaccounts",
        "serviceaccounts/token",
        "services",
    ],
    apps: [
        "controllerrevisions",
        "daemonsets",
        "deployments",
        "deployments/scale",
        "replicasets",
        "replicasets/scale",
        "statefulsets",
        "statefulsets/scale",
    ],
    "authorization.k8s.io": ["localsubjectaccessreviews"],
    autoscaling: ["horizontalpodautoscalers"],
    batch: ["cronjobs", "jobs"],
    "coordination.k8s.io": ["leases"],
    "events.k8s.io": ["events"],
    // Other policies check what these objects say about egress hosts and the gateway.
    "networking.istio.io": ["destinationrules", "gateways", "virtualservices"],
    "networking.k8s.io": ["networkpolicies"],
    policy: ["poddisruptionbudgets"],
    "rbac.authorization.k8s.io": ["rolebindings", "roles"],
    "security.istio.io": ["authorizationpolicies", "peerauthentications", "requestauthentications"],
    "telemetry.istio.io": ["telemetries"],
};

/** Groups that `allowedKinds` cannot allow: their kinds change the network, or what sidecars let out. */
const CLOSED_GROUPS = [
    "admissionregistration.k8s.io",
    "crd.projectcalico.org",
    "discovery.k8s.io",
    "egressgateway.kubernetes.azure.com",
    "extensions.istio.io",
    "networking.istio.io",
    "policy.networking.k8s.io",
    "projectcalico.org",
    "security.istio.io",
    "telemetry.istio.io",
];
const CLOSED_PATTERN = /(^|\.)(cilium\.io|antrea\.io|istio\.io)$/;

const KIND = /^([a-z0-9-]+(\.[a-z0-9-]+)+)\/(\*|[a-z0-9]+)$/;
const EXPECTED = "an API group and a resource in the plural, such as monitoring.coreos.com/servicemonitors";

/** Refuses lists that allow everything, or a kind with which a namespace could bypass the gateway. */
export function validateAllowedKinds(path: string, kinds: string[]): Violation[] {
    return kinds.flatMap((kind, index) => {
        const at = { path: `${path}[${index}]`, value: kind, expected: EXPECTED };
        const [, group] = KIND.exec(kind) ?? [];
        if (group === undefined) {
            const wide = kind.startsWith("*");
            return [
                {
                    ...at,
                    problem: wide ? "allows every kind, including those that bypass the lockdown" : "is not a kind",
                    fix: "Write the group, a slash, and the plural resource name, or * for the whole group",
                },
            ];
        }
        if (CLOSED_GROUPS.includes(group) || CLOSED_PATTERN.test(group)) {
            return [
                {
                    ...at,
                    problem: "belongs to a group whose kinds change the network or what sidecars let out",
                    fix: "Remove it. Administrators of the gateway may write such objects without it",
                },
            ];
        }
        return [];
    });
}
