import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components";
import { aksClusterArgs } from "./aks";
import { ADMIN_GROUP } from "./stacks";
import { issue, keyPem } from "./certificates";

type Component = new (name: string, args: object) => pulumi.ComponentResource;

/** A component, and arguments that it takes: as many of its options as go together. */
export interface Accepted {
    Component: Component;
    args: object;
}

const hosts = ["mtls.partner.example"];
const gateway = { gatewayName: "egress-gateway", namespace: "istio-egress", trustDomain: "cluster.local" };
const allowFrom = [{ namespace: "payments", serviceAccounts: ["billing"] }];
const lifetime = { validityHours: 200, renewalHours: 100 };
const pool = { vmSize: "Standard_D4ds_v5", minNodes: 2 };
const place = { resourceGroupName: "group", location: "westeurope" };

/** Every component of the package by its name. */
export async function acceptedArguments(): Promise<Record<string, Accepted>> {
    const valid = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 90 * 86_400_000) };
    const root = await issue({ subject: "CN=Root", ca: true, ...valid });
    const client = await issue({ subject: "CN=client", issuer: root, ...valid });
    const server = await issue({ subject: `CN=${hosts[0]}`, issuer: root, usage: "server", hosts, ...valid });
    const serverPem = { certificate: server.certificate, privateKey: keyPem(server.key), clientCa: root.certificate };
    const args: Record<string, object> = {
        AksCluster: { ...aksClusterArgs, access: "private", networkPolicy: "cilium", maintenance: { day: "Monday" } },
        AksEgressEnvironment: {
            azure: {
                location: "westeurope",
                adminGroup: ADMIN_GROUP,
                network: { outboundControl: "firewall", connectedElsewhere: true },
                cluster: { kubernetesVersion: "1.35", systemPool: pool, egressPool: pool, access: "private" },
                partner: { zoneName: "partner.test", hosts: ["mtls.partner.test"] },
                protect: false,
            },
            mesh: { charts: { repository: "https://charts.internal" } },
            routes: [{ name: "partner", hosts: ["mtls.partner.test"], allowFrom }],
        },
        CertificateAlerts: { gateway, namespace: "monitoring", labels: { release: "prometheus" }, warningHours: 400 },
        CertificateChain: {
            serverHosts: hosts,
            clients: [{ name: "app", commonName: "app.example" }],
            keyAlgorithm: "ecdsaP256",
            leaf: lifetime,
            generations: [2, 1],
            revoked: [{ serial: "0a", revokedAt: "2024-01-01T00:00:00Z" }],
        },
        CertManagerChain: {
            gateway,
            serverHosts: hosts,
            serverNamespace: "partner",
            clients: [{ name: "job", secretName: "job-client", commonName: "job.example" }],
            leaf: lifetime,
        },
        DnsZone: {
            resourceGroupName: "group",
            zoneName: "partner.example",
            records: [{ host: hosts[0], addresses: ["203.0.113.7"] }],
            ttlSeconds: 60,
        },
        EgressAlerts: { gateway, labels: { release: "prometheus" }, objective: 99, quietHours: 3 },
        EgressMetrics: {
            gateway,
            operator: "azure",
            labels: { team: "platform" },
            intervalSeconds: 15,
            dashboard: true,
        },
        EgressCredential: {
            gateway,
            secretName: "partner",
            format: "generic",
            certificate: client.certificate,
            privateKey: keyPem(client.key),
            serverCa: root.certificate,
            minRemainingHours: 1,
        },
        EgressEnvironment: {
            mesh: { charts: { repository: "https://charts.example" }, version: "1.31.0" },
            gateway: { minReplicas: 2, tolerations: [{ key: "egress", operator: "Exists" }] },
            server: { hosts },
            callerNamespaces: ["payments"],
            routes: [{ name: "partner", mode: "mutualTls", hosts, allowFrom, clientName: "payments.example" }],
            lockdown: {
                namespaces: ["locked"],
                policyEngine: "calico",
                gatewayEgress: [{ range: "203.0.113.0/24", ports: [443] }],
                imageRegistries: ["registry.example"],
            },
            probe: { namespace: "payments", serviceAccount: "billing", expectedStatus: 200 },
        },
        EgressGateway: {
            mesh: { namespace: "istio-system", trustDomain: "cluster.local", gatewayChart: "./gateway" },
            minReplicas: 2,
            nodeSelector: { pool: "egress" },
            tolerations: [{ key: "egress", operator: "Exists" }],
        },
        EgressLockdown: {
            namespaces: ["payments"],
            gateway,
            mesh: { namespace: "istio-system" },
            routes: [{ callerNamespaces: ["payments"] }],
            policyEngine: "cilium",
            gatewayEgress: [{ range: "203.0.113.0/24", ports: [443] }],
            alsoReaches: [{ namespace: "orders", ports: [8080] }],
            scraper: { namespace: "monitoring", podLabels: { app: "prometheus" } },
            istioCni: true,
            imageRegistries: ["registry.example", "docker.io/library/nginx"],
            allowedKinds: ["monitoring.coreos.com/servicemonitors"],
            serviceTypes: ["NodePort"],
        },
        EgressNetwork: { location: "westeurope", outboundControl: "firewall", subnets: { nodes: "10.64.0.0/17" } },
        EgressProbe: { namespace: "payments", host: hosts[0], expectedStatus: 200, triggers: { certificate: "1" } },
        EgressRoute: {
            gateway,
            mode: "simpleTls",
            hosts,
            allowFrom,
            credential: "partner",
            credentialSource: "sds",
            port: 8443,
            visibility: "gateway",
            gatewayTransport: "mutualTls",
            maxConnectionSeconds: 10,
        },
        MtlsServer: { hosts, ...serverPem, replicas: 1, openshift: false },
        MtlsServerVm: { ...place, hosts, allowedRange: "198.51.100.0/31", ...serverPem, tags: { environment: "test" } },
        ServiceMesh: { charts: { repository: "https://charts.example" }, version: "1.31.0", flavour: "istio" },
    };
    return Object.fromEntries(
        Object.entries(components as Record<string, unknown>)
            .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
            .map(([name, Component]) => [name, { Component: Component as Component, args: args[name] }]),
    );
}
