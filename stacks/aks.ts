import * as pulumi from "@pulumi/pulumi";
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import { Provider } from "@pulumi/kubernetes/provider";
import {
    AksCluster,
    CertificateChain,
    DnsZone,
    EgressEnvironmentArgs,
    EgressNetwork,
    MeshFlavour,
    MtlsServerVm,
} from "../components";
import { clusterOptions } from "../components/azure/aksCluster";
import { staticAddress } from "../components/azure/mtlsServerVm";
import { networkOptions } from "../components/azure/egressNetwork";
import { environmentOptions } from "../components/environment/egressEnvironment";
import { assertValid } from "../components/internal/validation";
import { validateAksEnvironment } from "../plan/environment/aksEnvironment";
import { egressNodeSelector, egressToleration } from "../plan/azure/nodePool";
import { validateEnvironment } from "../plan/environment/environment";
import { under } from "../plan/shared/violation";
import { AzureConfig } from "./azureConfig";
import { deletedWith } from "./deletedWith";
import { protectPrecious } from "./precious";

/** Name of the environment's component. */
export const ENVIRONMENT = "egress";

/** Network, cluster and partner of an environment, and what the rest of it needs to know of them. */
export interface AksParts {
    network: EgressNetwork;
    aks: AksCluster;
    kubernetes: Provider;
    zone?: DnsZone;
    /** The environment's arguments, with what only Azure knows. */
    environment: EgressEnvironmentArgs;
    /** For everything that is in the cluster. */
    inCluster: pulumi.ComponentResourceOptions;
    /** Makes the partner's machine, which trusts the client certificates of that CA. */
    addPartner: (clientCa: pulumi.Output<string>) => MtlsServerVm | undefined;
}

/** Makes the Azure part of an environment; refuses all of the configuration before the first resource. */
export function deployAks(azure: AzureConfig, given: EgressEnvironmentArgs): AksParts {
    const { location, tags, partner } = azure;
    const addon = given.mesh.flavour === MeshFlavour.AksAddon ? { revision: given.mesh.revision ?? "" } : undefined;
    validateAll(azure, given);

    const transformations = azure.protect ? [protectPrecious] : [];
    const network = new EgressNetwork(
        "network",
        { ...azure.network, location, tags, natGateway: addon === undefined },
        { transformations },
    );
    const place = { resourceGroupName: network.resourceGroupName, location: network.location, tags };
    const aks = new AksCluster(
        "aks",
        {
            ...azure.cluster,
            ...place,
            nodeSubnetId: network.nodeSubnetId,
            egressSubnetId: network.egressSubnetId,
            apiServerSubnetId: network.apiServerSubnetId,
            routeTableIds: routed(azure) ? [0, 1].map((index) => network.routeTableIds[index]) : [],
            // Who deploys puts things into the cluster, too.
            clusterAdmins: [getClientConfigOutput().objectId, ...(azure.cluster.clusterAdmins ?? [])],
            addon: addon && { ...addonGateway(azure, given), ...addon, egressPrefixId: network.egressPrefixId },
        },
        { transformations },
    );
    const kubernetes = new Provider(
        "cluster",
        {
            kubeconfig: aks.kubeconfig,
            // New credentials are no new cluster.
            clusterIdentifier: aks.clusterId,
            enableSecretMutable: true,
        },
        // Roles and nodes too: without them the cluster answers, and takes nothing.
        { dependsOn: aks },
    );

    // Routes need the partner's address and CA, and the partner the CA of the routes' certificates; so its address comes
    // first, then the routes, and its machine last.
    const address = partner && staticAddress("partner-address", place);
    const chain = partner && new CertificateChain("partner", { serverHosts: partner.hosts }, { transformations });
    const zone =
        partner &&
        address &&
        new DnsZone(
            "partner-dns",
            {
                resourceGroupName: network.resourceGroupName,
                zoneName: partner.zoneName,
                records: partner.hosts.map((host) => ({ host, addresses: [address.ipAddress] })),
                tags,
            },
            { transformations },
        );
    const addPartner = (clientCa: pulumi.Output<string>) =>
        partner &&
        chain &&
        new MtlsServerVm("partner", {
            ...place,
            address,
            hosts: partner.hosts,
            vmSize: partner.vmSize,
            allowedRange: network.egressPrefix,
            certificate: chain.serverCertificate,
            privateKey: chain.serverKey,
            clientCa,
        });
    return {
        network,
        aks,
        kubernetes,
        zone,
        environment: environmentOn(azure, given, {
            egressPrefixId: network.egressPrefixId,
            address: address?.ipAddress ?? "",
            serverCa: chain?.caCertificates ?? "",
        }),
        inCluster: {
            providers: [kubernetes],
            transformations: [deletedWith(aks.managedCluster), ...transformations],
        },
        addPartner,
    };
}

/** The environment with what Azure has for it: nodes for its gateway, and a partner for its routes. */
function environmentOn(
    { partner }: AzureConfig,
    given: EgressEnvironmentArgs,
    facts: Record<"egressPrefixId" | "address" | "serverCa", pulumi.Input<string>>,
): EgressEnvironmentArgs {
    const gateway =
        given.mesh.flavour === MeshFlavour.AksAddon
            ? { ...given.gateway, addon: { egressPrefixId: facts.egressPrefixId } }
            : { nodeSelector: egressNodeSelector, tolerations: [egressToleration], ...given.gateway };
    const routes = given.routes.map((route) =>
        route.hosts.every((host) => partner?.hosts.includes(host))
            ? // By its address, so that the zone need not be delegated to Azure yet.
              { address: facts.address, serverCa: facts.serverCa, ...route }
            : route,
    );
    return { ...given, gateway, routes };
}

function validateAll(azure: AzureConfig, given: EgressEnvironmentArgs): void {
    const { partner } = azure;
    const addon = given.mesh.flavour === MeshFlavour.AksAddon;
    const cluster = clusterOptions({
        ...azure.cluster,
        routeTableIds: routed(azure) ? [""] : [],
        addon: addon
            ? { ...addonGateway(azure, given), revision: given.mesh.revision ?? "", egressPrefixId: "" }
            : undefined,
    });
    const ofAzure = validateAksEnvironment({
        network: networkOptions(azure.network),
        cluster,
        partner: partner && {
            machine: { hosts: partner.hosts, addressRange: "10.250.0.0/28" },
            zone: { zoneName: partner.zoneName, hosts: partner.hosts, ttlSeconds: 300 },
        },
    });
    const facts = { egressPrefixId: "", address: "partner.example", serverCa: "" };
    assertValid("The environment", pulumi.getStack(), [
        ...under("azure", ofAzure),
        ...validateEnvironment(environmentOptions(ENVIRONMENT, environmentOn(azure, given, facts))),
    ]);
}

function routed({ network }: AzureConfig): boolean {
    return networkOptions(network).outboundControl === "firewall";
}

/** What the add-on's gateway is called, in the cluster and in the environment alike. */
function addonGateway({ network }: AzureConfig, { gateway }: EgressEnvironmentArgs) {
    return {
        gatewayName: gateway?.gatewayName,
        gatewayNamespace: gateway?.namespace,
        egressPrefixLength: network.egressPrefixLength,
    };
}
