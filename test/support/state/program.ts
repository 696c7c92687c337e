import type { PulumiFn } from "@pulumi/pulumi/automation";

/*
 * The stacks whose state of an older version today's code must go on with. The old code runs them too, so they are plain
 * configuration, with the words of the version that runs them.
 */

/** What of a version these programs need; each tree of sources has it. */
export interface Sources {
    deployEnvironment: (config: never) => { kubernetes: unknown };
    EgressRoute: new (name: string, args: never, opts: never) => unknown;
    stackConfig: (stack: string) => unknown;
}

/** The words that changed since 0.1.0. */
export interface Words {
    gatewayTransport: string;
    gatewayEgress: string;
    plaintextPort: string;
    policyEngine: string;
    /** Where 0.1.0 had no such argument, undefined. */
    imageRegistries?: string;
    /** The same: alerts ask for metrics today. */
    metrics?: string;
    /** Last part of the names on Azure, where `example` is refused today. */
    domain: string;
    /** Range that deploys, where ranges of the documentation are refused today. */
    deployers: string;
}

export const TODAY: Words = {
    gatewayTransport: "gatewayTransport",
    gatewayEgress: "gatewayEgress",
    plaintextPort: "plaintextPort",
    policyEngine: "policyEngine",
    imageRegistries: "imageRegistries",
    metrics: "metrics",
    domain: "test",
    deployers: "198.18.0.0/24",
};

export const WORDS_OF_0_1_0: Words = {
    gatewayTransport: "leg",
    gatewayEgress: "gatewayReaches",
    plaintextPort: "plaintextLeg",
    policyEngine: "policyEngine",
    domain: "example",
    deployers: "198.51.100.0/24",
};

/** A text of 0.1.0 with the names and ranges that are accepted today, and what is named after them. */
export function renamed(text: string, { domain, deployers }: Words = TODAY): string {
    // Objects in the cluster are named after hosts, with hyphens.
    return text.replaceAll(/\b(partner-|\.)example\b/g, `$1${domain}`).replaceAll(WORDS_OF_0_1_0.deployers, deployers);
}

/** The stacks of the repository whose cluster is on Azure. */
const ON_AZURE = ["dev", "staging", "prod"] as const;
export const STACKS = ["everything", "plaintext", ...ON_AZURE] as const;
export type StackName = (typeof STACKS)[number];

/** The program of a stack. */
export function stackProgram(name: StackName, sources: Sources, words: Words, kubeconfig: string): PulumiFn {
    return () => {
        if (isOnAzure(name)) {
            const {
                lockdown: _,
                azure,
                ...config
            } = sources.stackConfig(name) as { azure: { network: object; cluster: object }; lockdown?: object };
            const { azure: ownAzure, ...own } = JSON.parse(
                renamed(JSON.stringify(azureStack(name)), words),
            ) as ReturnType<typeof azureStack>;
            sources.deployEnvironment({
                ...config,
                ...own,
                azure: {
                    ...azure,
                    network: { ...azure.network, ...ownAzure.network },
                    cluster: { ...azure.cluster, ...ownAzure.cluster },
                    partner: ownAzure.partner,
                },
            } as never);
            return Promise.resolve();
        }
        const { kubernetes } = sources.deployEnvironment(environment(name, words, kubeconfig) as never);
        if (name === "everything") {
            new sources.EgressRoute(
                "certificate-a-caller",
                certificateEach as never,
                { providers: [kubernetes] } as never,
            );
        }
        return Promise.resolve();
    };
}

export function isOnAzure(name: StackName): name is (typeof ON_AZURE)[number] {
    return ON_AZURE.some((one) => one === name);
}

const ISTIO = { charts: { repository: "https://charts.example" }, version: "1.31.0" };
/** Where the nodes of each may pull images from: anywhere, from an Azure container registry, and through a firewall. */
const REGISTRIES = { dev: undefined, staging: "contosoimages.azurecr.io", prod: "registry.example" };

/** What a stack of 0.1.0 had besides its network and its cluster, and the parts of these that are others today. */
function azureStack(name: (typeof ON_AZURE)[number]) {
    const registry = REGISTRIES[name];
    return {
        azure: {
            network: name === "prod" ? { allowedFqdns: [registry] } : {},
            cluster: {
                registryIds: [] as string[],
                ...(name === "staging" && {
                    authorizedIpRanges: ["198.51.100.0/24"],
                    systemPool: { vmSize: "Standard_D4ds_v5", minNodes: 2 },
                    registryIds: [REGISTRY_ID],
                }),
            },
            partner: { zoneName: "partner.example", hosts: ["mtls.partner.example"] },
        },
        mesh: { ...ISTIO, ...(registry && { hub: `${registry}/istio` }) },
        callerNamespaces: ["payments"],
        routes: [
            {
                name: "partner",
                hosts: ["mtls.partner.example"],
                allowFrom: [{ namespace: "payments", serviceAccounts: ["default"] }],
                clientName: `payments.${name}.example`,
            },
        ],
        probe: {
            namespace: "payments",
            expectedText: "Welcome to the Mutual TLS Server!",
            timeoutSeconds: 600,
            ...(registry && { image: `${registry}/curl:8.17.0` }),
        },
    };
}

const REGISTRY_ID = "/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/contosoimages";

const SERVER_HOSTS = ["mtls.partner.example", "more.partner.example", "sidecar.partner.example"];
const verified = [{ namespace: "payments", serviceAccounts: ["billing"] }];

/** One client certificate for each caller, at a gateway that something else made. */
const certificateEach = {
    hosts: ["each.partner.example"],
    allowFrom: [{ namespace: "payments", serviceAccounts: ["billing", "refunds"] }],
    gateway: { gatewayName: "other", namespace: "other-egress" },
    credentials: [
        { namespace: "payments", serviceAccounts: ["billing"], credential: "billing" },
        { namespace: "payments", serviceAccounts: ["refunds"], credential: "refunds" },
    ],
};

function environment(name: StackName, words: Words, kubeconfig: string): object {
    const mutual = [
        {
            name: "partner",
            hosts: ["mtls.partner.example", "more.partner.example"],
            allowFrom: [...verified, { namespace: "orders" }],
            clientName: "payments.example",
        },
    ];
    const shared = {
        cluster: { kubeconfig },
        mesh: { charts: { repository: "https://charts.example" }, version: "1.31.0" },
        server: { hosts: SERVER_HOSTS, image: "registry.example/nginx:1" },
        callerNamespaces: ["payments", "orders"],
        alerts: { namespace: "monitoring" },
        ...(words.metrics && { [words.metrics]: { operator: "none" } }),
        probe: { namespace: "payments", serviceAccount: "billing", image: "registry.example/curl:8" },
    };
    if (name === "plaintext") {
        const plaintext = {
            name: "http",
            mode: "http",
            hosts: ["http.partner.example"],
            allowFrom: [{ namespace: "payments" }],
            [words.gatewayTransport]: "plaintext",
        };
        const gateway = { [words.plaintextPort]: true };
        return { ...shared, gateway, routes: [plaintext], probe: undefined };
    }
    return {
        ...shared,
        gateway: { minReplicas: 2 },
        lockdown: {
            namespaces: ["locked"],
            [words.policyEngine]: "calico",
            [words.gatewayEgress]: [{ range: "203.0.113.0/24", ports: [443] }],
            checkImage: "registry.example/curl:8",
            ...(words.imageRegistries && { [words.imageRegistries]: ["registry.example"] }),
        },
        routes: [
            ...mutual,
            { name: "simple", mode: "simpleTls", hosts: ["simple.partner.example"], allowFrom: verified },
            {
                name: "passthrough",
                mode: "passthrough",
                hosts: ["a.passthrough.example", "b.passthrough.example"],
                allowFrom: verified,
            },
            {
                name: "sidecar",
                mode: "sidecarMutualTls",
                hosts: ["sidecar.partner.example"],
                allowFrom: verified,
                workloadLabels: { app: "billing" },
            },
            {
                name: "sidecar-simple",
                mode: "sidecarSimpleTls",
                hosts: ["sidecar-simple.partner.example"],
                allowFrom: [{ namespace: "payments" }],
            },
            {
                name: "direct",
                mode: "direct",
                hosts: ["direct.partner.example"],
                allowFrom: [{ namespace: "payments" }],
                ports: [{ number: 5432, protocol: "tcp" }],
                serviceName: "direct-partner",
            },
        ],
    };
}
