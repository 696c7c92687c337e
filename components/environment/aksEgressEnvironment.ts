import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import { ApiServerAccess } from "../../plan/azure/clusterOptions";
import { NODE_NAMESPACES, egressNodeAdmission } from "../../plan/azure/egressNodeAdmission";
import { PulledImage, validateImageHosts } from "../../plan/azure/imageHosts";
import { egressNodeSelector, egressToleration } from "../../plan/azure/nodePool";
import { OutboundControl, isRouted } from "../../plan/azure/outboundControl";
import { traits } from "../../plan/egress/route/modes";
import { EgressMode } from "../../plan/egress/route/options";
import { clusterRanges, isAtPartner, resolvedAks, validateAksEnvironment } from "../../plan/environment/aksEnvironment";
import { aksLockdown, validateLockdownEngine, validateSelectedRanges } from "../../plan/environment/aksLockdown";
import { AksOptions } from "../../plan/environment/aksOptions";
import { validateEnvironment } from "../../plan/environment/environment";
import { validatePlaceholders } from "../../plan/environment/placeholders";
import { imagesOf } from "../../plan/mesh/mesh";
import { MeshFlavour } from "../../plan/mesh/meshFlavour";
import { CertificateDetails } from "../../plan/pki/certificateDetails";
import { MetricsOperator } from "../../plan/observability/scrape";
import { CURL_IMAGE, NGINX_IMAGE } from "../../plan/shared/officialSources";
import { validateLabel } from "../../plan/shared/names";
import { under } from "../../plan/shared/violation";
import { AksCluster } from "../azure/aksCluster";
import { firewallLogs } from "../azure/clusterMonitoring";
import { DnsZone } from "../azure/dnsZone";
import { EgressNetwork } from "../azure/egressNetwork";
import { MtlsServerVm, staticAddress } from "../azure/mtlsServerVm";
import { admissionPolicy } from "../internal/admissionPolicy";
import { createdAfter } from "../internal/createdAfter";
import { deletedWith } from "../internal/deletedWith";
import { protectPrecious, tagsByPolicy } from "../internal/precious";
import { checkedArguments } from "../internal/checkedArguments";
import { roleWait } from "../internal/roleWait";
import { assertValid } from "../internal/validation";
import { withoutKey } from "../internal/withoutKey";
import { CertificateChain } from "../pki/certificateChain";
import { EgressEnvironment, environmentOptions } from "./egressEnvironment";
import { EgressEnvironmentArgs, EnvironmentRoute } from "./egressEnvironmentArgs";

export interface AksEgressEnvironmentArgs extends EgressEnvironmentArgs {
    /**
     * The network and the cluster, and optionally a virtual machine that acts as a partner.
     *
     * @example { location: "westeurope", adminGroup: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", cluster: { kubernetesVersion: "1.36", systemPool: { vmSize: "Standard_D4ds_v5", minNodes: 2 }, egressPool: { vmSize: "Standard_D4ds_v5", minNodes: 2 } } }
     */
    azure: AksOptions;
}

/**
 * A complete AKS environment: the network with the addresses that partners see, the cluster, and everything in an
 * `EgressEnvironment`. With `azure.partner`, a virtual machine with its DNS zone acts as a partner.
 */
export class AksEgressEnvironment extends pulumi.ComponentResource {
    /** Name of the gateway's service. */
    public readonly gatewayName: pulumi.Output<string>;
    /** Namespace of the gateway. */
    public readonly gatewayNamespace: pulumi.Output<string>;
    /**
     * The root and the intermediate that issue the client certificates, PEM. Partners add them to their trusted CAs.
     */
    public readonly clientCa: pulumi.Output<string>;
    /** Details of every certificate of the environment. */
    public readonly certificates: pulumi.Output<CertificateDetails[]>;
    /** DNS name of the environment's own server inside the cluster. Empty without `server`. */
    public readonly serverAddress: pulumi.Output<string>;
    /** With `metrics`, the entry of `scrape_configs` for a Prometheus without an operator, as JSON; empty otherwise. */
    public readonly scrapeConfig: pulumi.Output<string>;
    /** Hosts of each route, by the route's name. Known once the route exists. */
    public readonly hosts: pulumi.Output<Record<string, string[]>>;
    /** The public addresses that partners see and add to their allow lists, in CIDR notation. */
    public readonly egressPrefix: pulumi.Output<string>;
    /** Name servers to which the parent zone must delegate the partner's zone. Empty without one. */
    public readonly nameServers: pulumi.Output<string[]>;
    /** Id of the virtual network, for peerings and private DNS zones. */
    public readonly virtualNetworkId: pulumi.Output<string>;
    /** Name of the resource group. */
    public readonly resourceGroupName: pulumi.Output<string>;
    /** Name of the cluster. */
    public readonly clusterName: pulumi.Output<string>;
    /** Id of the cluster. */
    public readonly clusterId: pulumi.Output<string>;
    /** Object id of the identity with which the nodes pull images. */
    public readonly kubeletObjectId: pulumi.Output<string>;
    /** A kubeconfig that authenticates according to `azure.cluster.kubeconfigLogin`, a secret. */
    public readonly kubeconfig: pulumi.Output<string>;
    /** URL of the issuer of the cluster's service account tokens, for workload identity. */
    public readonly oidcIssuerUrl: pulumi.Output<string>;

    constructor(name: string, args: AksEgressEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("AksEgressEnvironment", name, args);
        const { azure, ...rest } = args;
        const addonRevision = rest.mesh?.flavour === MeshFlavour.AksAddon ? (rest.mesh.revision ?? "") : undefined;
        const isAddon = addonRevision !== undefined;
        const options = resolvedAks(azure, {
            addonRevision,
            gatewayName: rest.gateway?.gatewayName,
            gatewayNamespace: rest.gateway?.namespace,
        });
        const ranges = clusterRanges(options);
        const { managedPrometheus } = azure.cluster;
        const given = {
            ...rest,
            lockdown: rest.lockdown && aksLockdown(rest.lockdown, { isAddon, ranges }),
            metrics:
                managedPrometheus && rest.metrics
                    ? { ...rest.metrics, operator: rest.metrics.operator ?? MetricsOperator.Azure }
                    : rest.metrics,
        };
        const hasManagedRules = managedPrometheus !== undefined && given.metrics?.operator === MetricsOperator.Azure;
        const checked = environmentOptions(name, given, {
            isAddonGateway: isAddon || given.gateway?.addon !== undefined,
            makesServerCa: (route) => hasPartnerCa(route, azure),
            ...(hasManagedRules && { hasManagedRules }),
        });
        assertValid("AksEgressEnvironment", name, [
            ...validatePlaceholders("", { ...args }),
            ...under("azure", validateAksEnvironment(options)),
            ...validateImageHosts(options.network, pulledImages(given)),
            ...validateLockdownEngine(given.lockdown, options.cluster.networkPolicy),
            ...validateSelectedRanges(given.lockdown?.gatewayEgress ?? [], ranges, options.cluster.networkPolicy),
            ...(azure.egressNodeNamespaces ?? []).flatMap((namespace, index) =>
                validateLabel(`azure.egressNodeNamespaces[${index}]`, namespace, "a namespace"),
            ),
            ...validateEnvironment(checked),
        ]);
        super(
            "mesh-egress:index:AksEgressEnvironment",
            name,
            { ...args, routes: args.routes.map(withoutKey) },
            {
                ...opts,
                transformations: [
                    ...(opts?.transformations ?? []),
                    ...(azure.protect ? [protectPrecious] : []),
                    ...(azure.tagsByPolicy ? [tagsByPolicy] : []),
                ],
            },
        );

        const child = { parent: this };
        const { location, tags, partner } = azure;
        const network = new EgressNetwork(
            `${name}-network`,
            {
                ...azure.network,
                allowedFqdns: options.network.allowedFqdns,
                location,
                tags,
                natGateway: !isAddon,
                publicApiServer: options.cluster.access !== ApiServerAccess.Private,
            },
            child,
        );
        const inGroup = { resourceGroupName: network.resourceGroupName, location: network.location, tags };
        const cluster = new AksCluster(
            `${name}-aks`,
            {
                ...azure.cluster,
                ...inGroup,
                nodeSubnetId: network.nodeSubnetId,
                egressSubnetId: network.egressSubnetId,
                apiServerSubnetId: network.apiServerSubnetId,
                existingNetwork: (options.network.virtualNetworkId ?? options.network.existingSubnets) !== undefined,
                userDefinedRouting: isRouted(options.network.outboundControl),
                routeTableIds:
                    isRouted(options.network.outboundControl) && options.network.existingSubnets === undefined
                        ? [network.nodeRouteTableId, network.egressRouteTableId]
                        : [],
                clusterAdmins: [azure.adminGroup, ...(azure.cluster.clusterAdmins ?? [])],
                addon: options.cluster.addon && {
                    ...options.cluster.addon,
                    egressPrefixId: network.egressPrefixId,
                },
            },
            child,
        );
        if (options.network.outboundControl === OutboundControl.Firewall) {
            firewallLogs(`${name}-network`, network.firewallId, cluster.logWorkspaceId, child);
        }
        const kubernetes = new Provider(
            `${name}-cluster`,
            {
                kubeconfig: cluster.kubeconfig,
                // Changed credentials do not mean another cluster.
                clusterIdentifier: cluster.clusterId,
                // An edited credential or MeshConfig is updated in place, without a moment in which it does not exist.
                enableSecretMutable: true,
                enableConfigMapMutable: true,
            },
            // Nothing can be created in the cluster before its roles and nodes exist.
            { ...child, dependsOn: cluster },
        );

        const egressNodes = egressNodeAdmission({
            name: `${name}-egress-nodes`,
            namespaces: [
                ...NODE_NAMESPACES,
                ...(azure.egressNodeNamespaces ?? []),
                checked.mesh.namespace,
                checked.gateway.namespace,
            ],
        });
        // The first objects in the cluster. They wait until the administrators' role is in force; all others follow them.
        const first = admissionPolicy(`${name}-egress-nodes`, egressNodes, {
            ...child,
            provider: kubernetes,
            deletedWith: cluster.managedCluster,
            ...roleWait(`${name}-cluster`),
        });

        // The routes need the partner's address and CA, and the partner needs the CA of the routes' certificates. So the
        // address comes first, then the routes, and the machine last.
        const address = partner && staticAddress(`${name}-partner-address`, inGroup, child);
        const chain =
            partner &&
            new CertificateChain(`${name}-partner`, { serverHosts: partner.hosts, authorityName: "partner" }, child);
        const zone =
            partner?.zoneName !== undefined &&
            address &&
            new DnsZone(
                `${name}-partner-dns`,
                {
                    resourceGroupName: network.resourceGroupName,
                    zoneName: partner.zoneName,
                    records: partner.hosts.map((host) => ({ host, addresses: [address.ipAddress] })),
                    tags,
                },
                child,
            );
        const environment = new EgressEnvironment(
            name,
            {
                ...given,
                gateway: isAddon
                    ? { ...given.gateway, addon: { ...given.gateway?.addon, egressPrefixId: network.egressPrefixId } }
                    : { nodeSelector: egressNodeSelector, tolerations: [egressToleration], ...given.gateway },
                routes: given.routes.map((route) => ({
                    ...route,
                    // Called by its address, so that the zone need not be delegated to Azure yet.
                    address: route.address ?? (isAtPartner(route.hosts, partner) ? address?.ipAddress : undefined),
                    serverCa: hasPartnerCa(route, azure) ? chain?.caCertificates : route.serverCa,
                })),
                alerts:
                    given.alerts && hasManagedRules
                        ? {
                              managed: {
                                  ...inGroup,
                                  location: managedPrometheus.workspaceLocation ?? network.location,
                                  workspaceId: cluster.metricsWorkspaceId,
                                  clusterId: cluster.clusterId,
                              },
                              ...given.alerts,
                          }
                        : given.alerts,
            },
            {
                parent: this,
                providers: [kubernetes],
                transformations: [deletedWith(cluster.managedCluster), createdAfter(first)],
            },
        );
        if (partner && chain) {
            new MtlsServerVm(
                `${name}-partner`,
                {
                    ...inGroup,
                    address,
                    hosts: partner.hosts,
                    vmSize: partner.vmSize,
                    allowedRange: network.egressPrefix,
                    certificate: chain.serverCertificate,
                    privateKey: chain.serverKey,
                    clientCa: environment.clientCa,
                },
                child,
            );
        }

        this.gatewayName = environment.gatewayName;
        this.gatewayNamespace = environment.gatewayNamespace;
        this.clientCa = environment.clientCa;
        this.certificates = environment.certificates;
        this.serverAddress = environment.serverAddress;
        this.scrapeConfig = environment.scrapeConfig;
        this.hosts = environment.hosts;
        this.egressPrefix = network.egressPrefix;
        this.nameServers = pulumi.output(zone ? zone.nameServers : []);
        this.virtualNetworkId = network.virtualNetworkId;
        this.resourceGroupName = network.resourceGroupName;
        this.clusterName = cluster.clusterName;
        this.clusterId = cluster.clusterId;
        this.kubeletObjectId = cluster.kubeletObjectId;
        this.kubeconfig = cluster.kubeconfig;
        this.oidcIssuerUrl = cluster.oidcIssuerUrl;
        this.registerOutputs();
    }
}

/** The images that the environment's own pods are made of, where they are known; the add-on's are Microsoft's. */
function pulledImages({ mesh = {}, lockdown, probe, server }: EgressEnvironmentArgs): PulledImage[] {
    const images: [path: string, image: pulumi.Input<string> | undefined][] = [
        ["mesh.hub", mesh.flavour === MeshFlavour.AksAddon ? undefined : imagesOf(mesh.charts, mesh.hub)],
        ["lockdown.checkImage", lockdown && (lockdown.checkImage ?? CURL_IMAGE)],
        ["probe.image", probe && (probe.image ?? CURL_IMAGE)],
        ["server.image", server && (server.image ?? NGINX_IMAGE)],
    ];
    return images.flatMap(([path, image]) => (typeof image === "string" ? [{ path, image }] : []));
}

/** Whether the environment creates the CA of a route's servers: for the partner's machine. */
function hasPartnerCa({ hosts, mode, serverCa }: EnvironmentRoute, { partner }: AksOptions): boolean {
    const { originates } = traits(mode ?? EgressMode.MutualTls);
    return serverCa === undefined && originates !== undefined && isAtPartner(hosts, partner);
}
