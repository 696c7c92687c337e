import * as pulumi from "@pulumi/pulumi";
import { resources } from "../internal/azureNative";
import { validateNetwork } from "../../plan/azure/network";
import { resolvedNetwork } from "../../plan/azure/resolvedNetwork";
import { validateNetworkRegion } from "../../plan/azure/regions";
import { assertValid } from "../internal/validation";
import { EgressNetworkOptions, ExistingSubnets } from "../../plan/azure/networkOptions";
import { outboundWarnings } from "../../plan/azure/outboundControl";
import { networkOfSubnet } from "../../plan/azure/resourceId";
import { NetworkParts, networkSubnets } from "./networkSubnets";
import { publicPrefix } from "./publicPrefix";
import { checkedArguments } from "../internal/checkedArguments";

export interface EgressNetworkArgs extends EgressNetworkOptions {
    /**
     * Azure region.
     *
     * @example "westeurope"
     */
    location: pulumi.Input<string>;
    /**
     * Whether the egress subnet uses a NAT gateway with the prefix. Set it to false only if the gateway nodes of the
     * Istio add-on use the prefix. Default: true.
     */
    natGateway?: boolean;
    /** Whether the API server is called at a public address, in addition to the one in its subnet. Default: true. */
    publicApiServer?: boolean;
    /**
     * Tags of every resource. Default: none.
     *
     * @example { team: "payments" }
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/**
 * A resource group and a virtual network. Traffic from the egress subnet has its own public addresses. Outbound traffic
 * from the other subnets is controlled by `outboundControl`.
 */
export class EgressNetwork extends pulumi.ComponentResource {
    /** Name of the resource group. */
    public readonly resourceGroupName: pulumi.Output<string>;
    /** Azure region. */
    public readonly location: pulumi.Output<string>;
    /** The public addresses that partners see and add to their allow lists, in CIDR notation. */
    public readonly egressPrefix: pulumi.Output<string>;
    /** Id of that prefix. */
    public readonly egressPrefixId: pulumi.Output<string>;
    /** Id of the subnet of the system and user pools. */
    public readonly nodeSubnetId: pulumi.Output<string>;
    /** Id of the subnet of the egress pool. */
    public readonly egressSubnetId: pulumi.Output<string>;
    /** Id of the subnet that is delegated to the API server. */
    public readonly apiServerSubnetId: pulumi.Output<string>;
    /** Ids of the route tables of the nodes' subnet and the egress subnet. Empty without a firewall. */
    public readonly routeTableIds: pulumi.Output<string[]>;
    /** Id of the route table of the nodes' subnet; empty without a firewall. */
    public readonly nodeRouteTableId: pulumi.Output<string>;
    /** Id of the route table of the egress subnet; empty without a firewall. */
    public readonly egressRouteTableId: pulumi.Output<string>;
    /** Id of the firewall; empty without one. */
    public readonly firewallId: pulumi.Output<string>;
    /** Id of the virtual network. */
    public readonly virtualNetworkId: pulumi.Output<string>;

    constructor(name: string, args: EgressNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressNetwork", name, args);
        const request = resolvedNetwork(args, args.natGateway);
        assertValid("EgressNetwork", name, [
            ...validateNetwork(request),
            ...(typeof args.location === "string" ? validateNetworkRegion(args.location, request) : []),
        ]);
        super("mesh-egress:index:EgressNetwork", name, args, opts);
        for (const warning of outboundWarnings(request.outboundControl)) {
            void pulumi.log.warn(warning, this);
        }

        const { tags, existingSubnets } = args;
        // Omitted in a region without zones: Azure would refuse an empty list.
        const zones = request.zones.length > 0 ? request.zones : undefined;
        // Azure cannot change a region in place, and replacing the group would delete everything in it.
        const group =
            args.resourceGroupName === undefined
                ? new resources.ResourceGroup(`${name}-group`, { location: args.location, tags }, { parent: this })
                : undefined;
        const resourceGroupName = pulumi.output(group?.name ?? args.resourceGroupName ?? "");
        const location = pulumi.output(group?.location ?? args.location);
        const shared = { resourceGroupName, location, tags };

        const prefix =
            existingSubnets && request.natGateway
                ? undefined
                : publicPrefix(name, this, {
                      ...shared,
                      zones,
                      request,
                      wantedSku: args.egressSku,
                      replacePrefix: args.replacePrefix ?? false,
                  });
        const parts = existingSubnets
            ? existingParts(existingSubnets)
            : networkSubnets(name, this, {
                  ...shared,
                  zones,
                  request,
                  publicApiServer: args.publicApiServer ?? true,
                  natGatewayId: prefix?.natGatewayId,
              });

        this.resourceGroupName = resourceGroupName;
        this.location = location;
        this.egressPrefix = pulumi.output(prefix?.ipPrefix ?? existingSubnets?.egressPrefix ?? "");
        this.egressPrefixId = pulumi.output(prefix?.id ?? "");
        this.nodeSubnetId = parts.nodeSubnetId;
        this.egressSubnetId = parts.egressSubnetId;
        this.apiServerSubnetId = parts.apiServerSubnetId;
        this.virtualNetworkId = parts.virtualNetworkId;
        this.nodeRouteTableId = parts.nodeRouteTableId;
        this.egressRouteTableId = parts.egressRouteTableId;
        this.firewallId = parts.firewallId;
        this.routeTableIds = pulumi
            .all([parts.nodeRouteTableId, parts.egressRouteTableId])
            .apply((ids) => ids.filter((id) => id !== ""));
        this.registerOutputs();
    }
}

/** Parts of a network with existing subnets. */
function existingParts({ nodes, egress, apiServer }: ExistingSubnets): NetworkParts {
    const none = pulumi.output("");
    return {
        virtualNetworkId: pulumi.output(networkOfSubnet(nodes)),
        nodeSubnetId: pulumi.output(nodes),
        egressSubnetId: pulumi.output(egress),
        apiServerSubnetId: pulumi.output(apiServer),
        nodeRouteTableId: none,
        egressRouteTableId: none,
        firewallId: none,
    };
}
