import { Namespace, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import {
    CertificateChain,
    EgressCredential,
    EgressGateway,
    EgressLockdown,
    EgressLockdownArgs,
    EgressProbe,
    EgressRoute,
    MtlsServer,
    PolicyEngine,
} from "../../components";
import type { LocalCluster } from "../../lab/local/cluster";
import { lockedImages } from "./lockedImages";
import { meshReference } from "./meshReference";
import { clusterProvider } from "./clusterProvider";

/** The gateway of the lockdown's tests, beside that of the local environment. */
export const GATEWAY = { name: "lock-gateway", namespace: "lock-egress" };
/** A locked namespace with callers, and one whose workloads no route lets call. */
export const CALLING = "lock-calling";
export const IDLE = "lock-idle";
/** A namespace of the mesh that is not locked. */
export const OPEN = "lock-open";
/** May do everything in `CALLING` and `OPEN`. Its account is in `OPEN`. */
export const DEVELOPER = "developer";
/** The same, and is one of the gateway's administrators. */
export const ADMINISTRATOR = "administrator";
export const SERVER_NAMESPACE = "lock-server";
export const HOST = "locked.partner.example";
/** The service accounts that the route names, each with a client certificate of its own. */
export const BILLING = "billing";
export const REPORTING = "reporting";
/** A namespace of those who may change the gateway: all service accounts of it. */
export const ADMINISTRATORS = "lock-administrators";

/** A gateway, a partner, a route to it, a lockdown of two namespaces, and probes; in the mesh of the local environment. */
export function lockdownProgram(
    local: LocalCluster,
    options: Pick<EgressLockdownArgs, "checkSchedule" | "checkTriggers" | "controlPlaneEgress"> = {},
) {
    return () => {
        const kubernetes = clusterProvider(local);
        const opts = { providers: [kubernetes] };
        const mesh = meshReference(local.settings);
        const gateway = new EgressGateway(
            "lock-gateway",
            { mesh, namespace: GATEWAY.namespace, gatewayName: GATEWAY.name, minReplicas: 1 },
            opts,
        );
        const accounts = [BILLING, REPORTING];
        const chain = new CertificateChain(
            "lock-chain",
            { serverHosts: [HOST], clients: accounts.map((name) => ({ name, commonName: `${name}.example` })) },
            opts,
        );
        const server = new MtlsServer(
            "lock-server",
            {
                namespace: SERVER_NAMESPACE,
                hosts: [HOST],
                image: local.settings.nginxImage,
                certificate: chain.serverCertificate,
                privateKey: chain.serverKey,
                clientCa: chain.caCertificates,
            },
            opts,
        );
        const credentials = accounts.map((account) => ({
            namespace: CALLING,
            serviceAccounts: [account],
            credential: new EgressCredential(
                `lock-${account}-credential`,
                {
                    gateway,
                    secretName: account,
                    certificate: chain.clientCertificates.apply((all) => all[account]),
                    privateKey: chain.clientKeys.apply((all) => all[account]),
                    serverCa: chain.caCertificates,
                },
                opts,
            ).secretName,
        }));
        const route = new EgressRoute(
            "lock-route",
            {
                gateway,
                credentials,
                hosts: [HOST],
                address: server.address,
                allowFrom: [{ namespace: CALLING, serviceAccounts: accounts }],
            },
            opts,
        );
        const lockdown = new EgressLockdown(
            "lock",
            {
                gateway,
                mesh: { namespace: mesh.namespace, revision: mesh.revision },
                routes: [route],
                namespaces: [CALLING, IDLE],
                policyEngine: PolicyEngine.Other,
                gatewayEgress: [{ namespace: SERVER_NAMESPACE, ports: [8443] }],
                administrators: [`system:serviceaccounts:${ADMINISTRATORS}`],
                ...lockedImages(local.settings),
                ...options,
            },
            opts,
        );
        for (const account of accounts) {
            const made = new ServiceAccount(
                `lock-${account}`,
                { metadata: { name: account, namespace: CALLING } },
                { provider: kubernetes, dependsOn: lockdown },
            );
            new EgressProbe(
                `lock-${account}-probe`,
                { namespace: CALLING, serviceAccount: account, host: HOST, image: local.settings.curlImage },
                { ...opts, dependsOn: made },
            );
        }
        const open = new Namespace(
            "lock-open",
            { metadata: { name: OPEN, labels: { "istio-injection": "enabled" } } },
            { provider: kubernetes },
        );
        const offices = new Namespace(
            "lock-administrators",
            { metadata: { name: ADMINISTRATORS } },
            { provider: kubernetes },
        );
        // May do everything in the namespaces of applications, and so create what the lockdown shall refuse.
        const developer = new ServiceAccount(
            "lock-developer",
            { metadata: { name: DEVELOPER, namespace: OPEN } },
            { provider: kubernetes, dependsOn: open },
        );
        const administrator = new ServiceAccount(
            "lock-administrator",
            { metadata: { name: ADMINISTRATOR, namespace: offices.metadata.name } },
            { provider: kubernetes },
        );
        for (const namespace of [OPEN, CALLING]) {
            new RoleBinding(
                `lock-developers-${namespace}`,
                {
                    metadata: { name: "developers", namespace },
                    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
                    subjects: [developer, administrator].map(({ metadata }) => ({
                        kind: "ServiceAccount",
                        name: metadata.name,
                        namespace: metadata.namespace,
                    })),
                },
                { provider: kubernetes, dependsOn: [open, lockdown] },
            );
        }
        return Promise.resolve({});
    };
}
