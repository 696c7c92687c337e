import * as pulumi from "@pulumi/pulumi";
import { NetworkSecurityGroupArgs, SubnetArgs } from "@pulumi/azure-native/network";
import { network } from "../internal/azureNative";
import { subnetRanges } from "../../plan/azure/network";
import { ResolvedNetwork } from "../../plan/azure/resolvedNetwork";
import { OutboundControl } from "../../plan/azure/outboundControl";
import { egressSecurityRules } from "../../plan/azure/partnerRules";
import { parseResourceId } from "../../plan/azure/resourceId";
import { Route, egressRoutes, nodeRoutes } from "../../plan/azure/routes";
import { apiServerSecurityRules, nodeSecurityRules } from "../../plan/azure/securityRules";
import { egressFirewall } from "./egressFirewall";

interface SubnetsArgs {
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string>;
    tags?: Record<string, pulumi.Input<string>>;
    zones?: string[];
    request: ResolvedNetwork;
    publicApiServer: boolean;
    natGatewayId?: pulumi.Input<string>;
}

/** Ids of the network and its subnets. Empty texts stand for parts that are not created. */
export interface NetworkParts {
    virtualNetworkId: pulumi.Output<string>;
    nodeSubnetId: pulumi.Output<string>;
    egressSubnetId: pulumi.Output<string>;
    apiServerSubnetId: pulumi.Output<string>;
    nodeRouteTableId: pulumi.Output<string>;
    egressRouteTableId: pulumi.Output<string>;
    firewallId: pulumi.Output<string>;
}

/** Creates the virtual network, unless one exists, and its subnets with routes, security groups and peerings. */
export function networkSubnets(
    name: string,
    parent: pulumi.Resource,
    { zones, request, publicApiServer, natGatewayId, ...shared }: SubnetsArgs,
): NetworkParts {
    const child = { parent };
    const ranges = subnetRanges(request);
    const virtualNetwork = virtualNetworkOf(name, parent, request, shared);
    const inNetwork = {
        resourceGroupName: virtualNetwork.resourceGroupName,
        virtualNetworkName: virtualNetwork.virtualNetworkName,
    };

    // Azure changes one subnet of a network at a time, and refuses concurrent changes.
    let previous = virtualNetwork.made;
    const next = <T extends pulumi.Resource>(make: (opts: pulumi.CustomResourceOptions) => T): T => {
        const made = make({ parent, dependsOn: previous });
        previous = made;
        return made;
    };
    const subnet = (own: string, subnetName: string, args: Partial<SubnetArgs>) =>
        next(
            (opts) =>
                new network.Subnet(`${name}-${own}`, { ...inNetwork, subnetName, name: subnetName, ...args }, opts),
        );
    const routeTable = (own: string, routes: pulumi.Output<Route[]>) =>
        new network.RouteTable(`${name}-${own}`, { ...shared, routes }, child).id;
    const securityGroup = (own: string, securityRules: NetworkSecurityGroupArgs["securityRules"]) => ({
        networkSecurityGroup: {
            id: new network.NetworkSecurityGroup(`${name}-${own}`, { ...shared, securityRules }, child).id,
        },
    });

    const firewall =
        request.outboundControl === OutboundControl.Firewall
            ? egressFirewall(name, parent, {
                  ...shared,
                  zones,
                  allowedFqdns: request.allowedFqdns,
                  subnetId: subnet("firewall-subnet", "AzureFirewallSubnet", { addressPrefix: ranges.firewall }).id,
              })
            : undefined;
    const routes = firewall
        ? {
              nodes: routeTable("node-routes", firewall.address.apply(nodeRoutes)),
              egress: routeTable("egress-routes", firewall.address.apply(egressRoutes)),
          }
        : request.routeTables;
    const nodes = subnet("node-subnet", "nodes", {
        addressPrefix: ranges.nodes,
        routeTable: routes && { id: routes.nodes },
        ...securityGroup(
            "node-rules",
            request.outboundControl === OutboundControl.Nsg ? nodeSecurityRules(request.allowedServiceTags) : [],
        ),
    });
    const egress = subnet("egress-subnet", "egress", {
        addressPrefix: ranges.egress,
        natGateway: natGatewayId === undefined ? undefined : { id: natGatewayId },
        routeTable: routes && { id: routes.egress },
        ...securityGroup("egress-rules", egressSecurityRules(request)),
    });
    const apiServer = subnet("api-server-subnet", "api-server", {
        addressPrefix: ranges.apiServer,
        ...securityGroup("api-server-rules", apiServerSecurityRules(publicApiServer)),
        delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
    });
    for (const { name: peer, virtualNetworkId, useRemoteGateways } of request.peerings) {
        next(
            (opts) =>
                new network.VirtualNetworkPeering(
                    `${name}-${peer}-peering`,
                    {
                        ...inNetwork,
                        virtualNetworkPeeringName: peer,
                        name: peer,
                        remoteVirtualNetwork: { id: virtualNetworkId },
                        allowVirtualNetworkAccess: true,
                        // A hub forwards traffic from other networks to the API server.
                        allowForwardedTraffic: true,
                        useRemoteGateways: useRemoteGateways ?? false,
                    },
                    opts,
                ),
        );
    }
    return {
        virtualNetworkId: virtualNetwork.id,
        nodeSubnetId: nodes.id,
        egressSubnetId: egress.id,
        apiServerSubnetId: apiServer.id,
        nodeRouteTableId: pulumi.output(routes?.nodes ?? ""),
        egressRouteTableId: pulumi.output(routes?.egress ?? ""),
        firewallId: pulumi.output(firewall?.id ?? ""),
    };
}

interface Network {
    id: pulumi.Output<string>;
    resourceGroupName: pulumi.Input<string>;
    virtualNetworkName: pulumi.Input<string>;
    /** Resources that the subnets depend on. Empty in an existing network. */
    made?: pulumi.Resource;
}

function virtualNetworkOf(
    name: string,
    parent: pulumi.Resource,
    { virtualNetworkId, addressSpace }: ResolvedNetwork,
    shared: Pick<SubnetsArgs, "resourceGroupName" | "location" | "tags">,
): Network {
    const existing = virtualNetworkId === undefined ? undefined : parseResourceId("virtualNetwork", virtualNetworkId);
    if (existing) {
        const [virtualNetworkName] = existing.names;
        return {
            id: pulumi.output(virtualNetworkId ?? ""),
            resourceGroupName: existing.resourceGroup,
            virtualNetworkName,
        };
    }
    const made = new network.VirtualNetwork(
        `${name}-network`,
        { ...shared, addressSpace: { addressPrefixes: [addressSpace] } },
        { parent },
    );
    return { id: made.id, resourceGroupName: shared.resourceGroupName, virtualNetworkName: made.name, made };
}
