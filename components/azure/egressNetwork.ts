import * as pulumi from "@pulumi/pulumi";
import * as network from "@pulumi/azure-native/network";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import {
    Route,
    egressRoutes,
    nodeRoutes,
    nodeSecurityRules,
    resolvedNetwork,
    subnetRanges,
    validateNetwork,
} from "../../plan/azure/network";
import { assertValid } from "../internal/validation";
import { egressFirewall } from "./egressFirewall";
import { EgressNetworkOptions } from "../../plan/azure/networkOptions";
import { checkedArguments } from "../internal/checkedArguments";

export interface EgressNetworkArgs extends EgressNetworkOptions {
    /** Azure region, for example `westeurope`. */
    location: pulumi.Input<string>;
    /**
     * Whether the egress subnet leaves through a NAT gateway with the prefix. False only where something else takes the
     * prefix: the gateway nodes of the Istio add-on. Default: true.
     */
    natGateway?: boolean;
    /** Tags of every resource. Default: none. */
    tags?: Record<string, pulumi.Input<string>>;
}

/**
 * A resource group and a virtual network whose egress subnet leaves from public addresses of its own, and whose other
 * subnets leave as `outboundControl` lets them.
 */
export class EgressNetwork extends pulumi.ComponentResource {
    /** Name of the resource group. */
    public readonly resourceGroupName: pulumi.Output<string>;
    /** Azure region. */
    public readonly location: pulumi.Output<string>;
    /** The public addresses that partners see, in CIDR notation: what they put on their allow-list. */
    public readonly egressPrefix: pulumi.Output<string>;
    /** Id of that prefix. */
    public readonly egressPrefixId: pulumi.Output<string>;
    /** Id of the subnet of the system and user pools. */
    public readonly nodeSubnetId: pulumi.Output<string>;
    /** Id of the subnet of the egress pool. */
    public readonly egressSubnetId: pulumi.Output<string>;
    /** Id of the subnet that is delegated to the API server. */
    public readonly apiServerSubnetId: pulumi.Output<string>;
    /** Ids of the route tables of the nodes' and the egress subnet; empty without a firewall. */
    public readonly routeTableIds: pulumi.Output<string[]>;
    /** Id of the route table of the nodes' subnet; empty without a firewall. */
    public readonly nodeRouteTableId: pulumi.Output<string>;
    /** Id of the route table of the egress subnet; empty without a firewall. */
    public readonly egressRouteTableId: pulumi.Output<string>;
    /** Id of the virtual network. */
    public readonly virtualNetworkId: pulumi.Output<string>;

    constructor(name: string, args: EgressNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressNetwork", name, args);
        const request = resolvedNetwork(args);
        assertValid("EgressNetwork", name, validateNetwork(request));
        super("mesh-egress:index:EgressNetwork", name, args, opts);

        const child = { parent: this };
        const { tags } = args;
        const zones = zonesOf(args.zones);
        const ranges = subnetRanges(request);
        const group = new ResourceGroup(`${name}-group`, { location: args.location, tags }, child);
        const shared = { resourceGroupName: group.name, location: group.location, tags };

        const virtualNetwork = new network.VirtualNetwork(
            `${name}-network`,
            { ...shared, addressSpace: { addressPrefixes: [request.addressSpace] } },
            child,
        );
        const prefix = new network.PublicIPPrefix(
            `${name}-egress-prefix`,
            {
                ...shared,
                sku: { name: network.PublicIPPrefixSkuName.Standard },
                publicIPAddressVersion: network.IPVersion.IPv4,
                prefixLength: request.egressPrefixLength,
                zones,
            },
            // Azure writes there which NAT gateway has the prefix.
            { ...child, ignoreChanges: ["natGateway"] },
        );
        const natGateway =
            (args.natGateway ?? true)
                ? new network.NatGateway(
                      `${name}-nat-gateway`,
                      {
                          ...shared,
                          sku: { name: network.NatGatewaySkuName.Standard },
                          publicIpPrefixes: [{ id: prefix.id }],
                          idleTimeoutInMinutes: request.idleTimeoutMinutes,
                      },
                      child,
                  )
                : undefined;

        // Azure changes one subnet of a network at a time, and fails the others.
        let previous: pulumi.Resource = virtualNetwork;
        const subnet = (child: string, subnetName: string, args: Partial<network.SubnetArgs>) => {
            const made = new network.Subnet(
                `${name}-${child}`,
                {
                    resourceGroupName: group.name,
                    virtualNetworkName: virtualNetwork.name,
                    subnetName,
                    name: subnetName,
                    ...args,
                },
                { parent: this, dependsOn: previous },
            );
            previous = made;
            return made;
        };
        const routeTable = (child: string, routes: pulumi.Output<Route[]>) =>
            new network.RouteTable(`${name}-${child}`, { ...shared, routes }, { parent: this });

        const firewall =
            request.outboundControl === "firewall"
                ? egressFirewall(name, this, {
                      ...shared,
                      zones,
                      allowedFqdns: request.allowedFqdns,
                      subnetId: subnet("firewall-subnet", "AzureFirewallSubnet", { addressPrefix: ranges.firewall }).id,
                  })
                : undefined;
        const routes = firewall && {
            nodes: routeTable("node-routes", firewall.apply(nodeRoutes)),
            egress: routeTable("egress-routes", firewall.apply(egressRoutes)),
        };
        const securityGroup =
            request.outboundControl === "nsg"
                ? new network.NetworkSecurityGroup(
                      `${name}-node-rules`,
                      { ...shared, securityRules: nodeSecurityRules(request.allowedServiceTags) },
                      child,
                  )
                : undefined;
        const nodes = subnet("node-subnet", "nodes", {
            addressPrefix: ranges.nodes,
            routeTable: routes && { id: routes.nodes.id },
            networkSecurityGroup: securityGroup && { id: securityGroup.id },
        });
        const egress = subnet("egress-subnet", "egress", {
            addressPrefix: ranges.egress,
            natGateway: natGateway && { id: natGateway.id },
            routeTable: routes && { id: routes.egress.id },
        });
        const apiServer = subnet("api-server-subnet", "api-server", {
            addressPrefix: ranges.apiServer,
            delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
        });

        this.resourceGroupName = group.name;
        this.location = group.location;
        this.egressPrefix = prefix.ipPrefix;
        this.egressPrefixId = prefix.id;
        this.nodeSubnetId = nodes.id;
        this.egressSubnetId = egress.id;
        this.apiServerSubnetId = apiServer.id;
        this.virtualNetworkId = virtualNetwork.id;
        this.nodeRouteTableId = pulumi.output(routes?.nodes.id ?? "");
        this.egressRouteTableId = pulumi.output(routes?.egress.id ?? "");
        this.routeTableIds = pulumi.output(routes ? [routes.nodes.id, routes.egress.id] : []);
        this.registerOutputs();
    }
}

/** Where a region has no zones, none is given: an empty list would be refused. */
function zonesOf(zones = ["1", "2", "3"]): string[] | undefined {
    return zones.length > 0 ? zones : undefined;
}
