import { Namespace, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { ClusterRole, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { EgressLockdown, EgressRoute, PolicyEngine } from "../../../components";
import type { LocalCluster } from "../../../lab/local/cluster";
import { lockedImages } from "../lockedImages";
import { meshReference } from "../meshReference";
import { clusterProvider } from "../clusterProvider";

export const GATEWAY = { name: "adversary-gateway", namespace: "adversary-egress" };
export const LOCKED = "adversary-locked";
export const ALSO_LOCKED = "adversary-also-locked";
/** A namespace of the mesh that is not locked. */
export const OPEN = "adversary-open";
export const HOST = "api.partner.example";
/** Has the role `edit` and every right on Istio objects in `LOCKED` and `OPEN`, and so could do what the tests try. */
export const TENANT = "tenant";
/** Has every right in the same namespaces. */
export const OWNER = "owner";

const RIGHTS = [
    {
        apiGroups: [
            "networking.istio.io",
            "security.istio.io",
            "extensions.istio.io",
            "telemetry.istio.io",
            "gateway.networking.k8s.io",
        ],
        resources: ["*"],
        verbs: ["*"],
    },
];

/** Locks namespaces down around a gateway that need not run: what is tried here is refused by the API server. */
export function adversaryProgram(local: LocalCluster, locked = [LOCKED, ALSO_LOCKED]) {
    return () => {
        const kubernetes = clusterProvider(local);
        const opts = { providers: [kubernetes] };
        const mesh = meshReference(local.settings);
        const made = (name: string, labels = {}) =>
            new Namespace(name, { metadata: { name, labels } }, { provider: kubernetes });
        const gateway = {
            gatewayName: GATEWAY.name,
            namespace: made(GATEWAY.namespace).metadata.name,
        };
        const open = made(OPEN, { "istio-injection": "enabled" });
        const route = new EgressRoute(
            "adversary-route",
            {
                gateway,
                mode: "passthrough",
                hosts: [HOST],
                allowFrom: [{ namespace: LOCKED, serviceAccounts: ["default"] }],
            },
            opts,
        );
        const lockdown = new EgressLockdown(
            "adversary",
            {
                gateway,
                mesh: { namespace: mesh.namespace, revision: mesh.revision },
                routes: [route],
                namespaces: locked,
                policyEngine: PolicyEngine.Other,
                gatewayEgress: [{ range: "203.0.113.0/24" }],
                ...lockedImages(local.settings),
            },
            opts,
        );
        const role = new ClusterRole(
            "adversary-tenant",
            { metadata: { name: "adversary-tenant" }, rules: RIGHTS },
            { provider: kubernetes },
        );
        const subjects = [TENANT, OWNER].map((name) => ({ kind: "ServiceAccount", name, namespace: OPEN }));
        for (const { name } of subjects) {
            new ServiceAccount(
                `adversary-${name}`,
                { metadata: { name, namespace: open.metadata.name } },
                { provider: kubernetes },
            );
        }
        for (const namespace of [OPEN, locked[0]]) {
            const roles = { edit: subjects[0], [TENANT]: subjects[0], "cluster-admin": subjects[1] };
            for (const [name, subject] of Object.entries(roles)) {
                new RoleBinding(
                    `adversary-${namespace}-${name}`,
                    {
                        metadata: { name: `adversary-${name}`, namespace },
                        roleRef: {
                            apiGroup: "rbac.authorization.k8s.io",
                            kind: "ClusterRole",
                            name: name === TENANT ? role.metadata.name : name,
                        },
                        subjects: [subject],
                    },
                    { provider: kubernetes, dependsOn: [open, lockdown] },
                );
            }
        }
        return Promise.resolve({});
    };
}
