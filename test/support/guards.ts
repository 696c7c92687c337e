import { Namespace, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { EgressGateway, EgressLockdown, PolicyEngine } from "../../components";
import type { LocalCluster } from "../../lab/local/cluster";
import type { AnyObject } from "../../lab/proof/cluster";
import { lockedImages } from "./lockedImages";
import { meshReference } from "./meshReference";
import { clusterProvider } from "./clusterProvider";
import { nginxFile } from "./nginx";

/** The gateway of the tests about what guards a lockdown and what it leaves open. */
export const GATEWAY = { name: "guard-gateway", namespace: "guard-egress" };
export const LOCKED = "guard-locked";
/** Namespaces with the same server: one that locked namespaces may call on `ALLOWED_PORT`, and one that they may not. */
export const ORDERS = "guard-orders";
export const OTHER = "guard-other";
export const ALLOWED_PORT = 8080;
export const OTHER_PORT = 9090;
/** Namespace of the scraper. */
export const MONITORING = "guard-monitoring";
/** May do everything in `LOCKED` and `ORDERS`. Its account is in `OTHER`. */
export const TENANT = "tenant";

/** A lockdown without routes, which leaves servers in the cluster and a scraper open. */
export function guardsProgram(local: LocalCluster) {
    return () => {
        const provider = clusterProvider(local);
        const opts = { providers: [provider] };
        const mesh = meshReference(local.settings);
        const gateway = new EgressGateway(
            "guard-gateway",
            { mesh, namespace: GATEWAY.namespace, gatewayName: GATEWAY.name, minReplicas: 1 },
            opts,
        );
        const open = [ORDERS, OTHER, MONITORING].map(
            (name) =>
                new Namespace(name, { metadata: { name, labels: { "istio-injection": "enabled" } } }, { provider }),
        );
        const lockdown = new EgressLockdown(
            "guard",
            {
                gateway,
                mesh: { namespace: mesh.namespace, revision: mesh.revision },
                routes: [],
                namespaces: [LOCKED],
                policyEngine: PolicyEngine.Other,
                gatewayEgress: [{ range: "203.0.113.0/24" }],
                alsoReaches: [{ namespace: ORDERS, ports: [ALLOWED_PORT] }],
                scraper: { namespace: MONITORING },
                ...lockedImages(local.settings),
            },
            { ...opts, dependsOn: open },
        );
        const tenant = new ServiceAccount(
            "guard-tenant",
            { metadata: { name: TENANT, namespace: OTHER } },
            { provider, dependsOn: open },
        );
        for (const namespace of [LOCKED, ORDERS]) {
            new RoleBinding(
                `guard-tenant-${namespace}`,
                {
                    metadata: { name: "tenant", namespace },
                    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
                    subjects: [{ kind: "ServiceAccount", name: tenant.metadata.name, namespace: OTHER }],
                },
                { provider, dependsOn: [...open, lockdown] },
            );
        }
        return Promise.resolve({});
    };
}

/** A server that answers on both ports with the port, and its service. */
export function server(namespace: string, image: string): AnyObject[] {
    const ports = [ALLOWED_PORT, OTHER_PORT];
    const listens = ports.map((port) => `listen ${port};`).join(" ");
    const config = nginxFile(
        [`server { ${listens} location / { return 200 "port $server_port"; } }`],
        "error_log stderr; access_log /dev/stdout;",
    );
    return [
        {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "server", namespace },
            spec: { selector: { app: "server" }, ports: ports.map((port) => ({ name: `http-${port}`, port })) },
        },
        {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "server", namespace, labels: { app: "server" } },
            spec: {
                terminationGracePeriodSeconds: 0,
                containers: [
                    {
                        name: "nginx",
                        image,
                        imagePullPolicy: "IfNotPresent",
                        command: [
                            "sh",
                            "-c",
                            'echo "$CONFIG" > /tmp/nginx.conf && exec nginx -c /tmp/nginx.conf -g "daemon off;"',
                        ],
                        env: [{ name: "CONFIG", value: config }],
                    },
                ],
            },
        },
    ];
}
