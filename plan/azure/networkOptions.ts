import { OutboundControl } from "./outboundControl";
import { HTTPS_PORT } from "../shared/ports";

/** Address ranges of the subnets, in CIDR notation. Omitted ones are carved out of the address space. */
export interface NetworkSubnets {
    /**
     * The nodes of the system and user pools: at least /27. Default: the lower half of the address space.
     *
     * @example "10.64.0.0/17"
     */
    nodes?: string;
    /**
     * Azure Firewall: at least /26. Default: the first /26 of the upper half.
     *
     * @example "10.64.128.0/26"
     */
    firewall?: string;
    /**
     * The nodes of the egress pool: at least /28. Default: the second /26 of the upper half.
     *
     * @example "10.64.128.64/26"
     */
    egress?: string;
    /**
     * The API server: at least /28. Default: the /28 after that.
     *
     * @example "10.64.128.128/28"
     */
    apiServer?: string;
}

/** SKU of the NAT gateway and its public prefix. Azure cannot change it in place. */
export const EgressSku = {
    /** Zone-redundant: the addresses that partners allow stay available if a zone fails. */
    StandardV2: "standardV2",
    /** In a single zone that Azure chooses. For regions without StandardV2. */
    Standard: "standard",
} as const;
export type EgressSku = (typeof EgressSku)[keyof typeof EgressSku];

/** Existing subnets. Their owner attaches route tables, security groups and a NAT gateway. */
export interface ExistingSubnets {
    /** Id of the subnet of the system and user pools. */
    nodes: string;
    /** Id of the subnet of the egress pool. Its NAT gateway or firewall has the addresses in `egressPrefix`. */
    egress: string;
    /** Id of an empty subnet that is delegated to `Microsoft.ContainerService/managedClusters`. */
    apiServer: string;
    /** Public addresses of calls from the egress subnet, in CIDR notation. @example "198.51.100.0/30" */
    egressPrefix: string;
}

/** Peering with another virtual network. */
export interface NetworkPeering {
    /** Name of the peering. @example "hub" */
    name: string;
    /**
     * Id of the other virtual network. Create the peering in the other direction there.
     *
     * @example "/subscriptions/<id>/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
     */
    virtualNetworkId: string;
    /** Whether this network uses the VPN and ExpressRoute gateways of the other one. Default: false. */
    useRemoteGateways?: boolean;
}

/** Existing route tables, with `outboundControl: "routes"`. */
export interface ExistingRouteTables {
    /** Id of the route table of the nodes' subnet. Its default route leads to a firewall. */
    nodes: string;
    /**
     * Id of the route table of the egress subnet. In addition to the default route that AKS requires, it needs routes
     * for `0.0.0.0/1` and `128.0.0.0/1` with the next hop `Internet`, so that the egress nodes use their NAT gateway.
     */
    egress: string;
}

/** Options of a network, without its region. */
export interface EgressNetworkOptions {
    /**
     * Address range of the virtual network, in CIDR notation, at least /23. Default: `10.64.0.0/16`.
     *
     * @example "10.64.0.0/16"
     */
    addressSpace?: string;
    /**
     * Address ranges of the subnets. Default: carved out of the address space.
     *
     * @example { nodes: "10.64.0.0/17", egress: "10.64.200.0/26" }
     */
    subnets?: NetworkSubnets;
    /** Name of an existing resource group. Default: a new one. @example "rg-aks-prod" */
    resourceGroupName?: string;
    /**
     * Id of an existing virtual network, in which the subnets are created. `addressSpace` is then the part of it that
     * they are carved out of. Default: a new virtual network.
     *
     * @example "/subscriptions/<id>/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
     */
    virtualNetworkId?: string;
    /** Existing subnets. Default: new ones. */
    existingSubnets?: ExistingSubnets;
    /**
     * Peerings with other networks, such as a hub. Default: none.
     *
     * @example [{ name: "hub", virtualNetworkId }]
     */
    peerings?: NetworkPeering[];
    /**
     * Whether something outside this program, such as Azure Virtual Network Manager, connects the network as soon as it
     * exists. Default: false.
     */
    connectedElsewhere?: boolean;
    /** Existing route tables, with `outboundControl: "routes"`. Default: none. */
    routeTables?: ExistingRouteTables;
    /** Control of the nodes' outbound traffic that does not use the egress gateway. Default: `firewall`. */
    outboundControl?: OutboundControl;
    /**
     * Hosts that the nodes may call in addition to those that AKS needs, for example image registries, with
     * `outboundControl: "firewall"`. Default: none.
     *
     * @example ["registry.partner.example"]
     */
    allowedFqdns?: string[];
    /**
     * Service tags that the nodes may call in addition to those that AKS needs, with `outboundControl: "nsg"`. Default:
     * none.
     *
     * @example ["MicrosoftContainerRegistry"]
     */
    allowedServiceTags?: string[];
    /**
     * Address ranges of the partners, in CIDR notation. A security group then lets the egress nodes call only these
     * ranges, and Azure's own services on port 443. Default: none; the egress nodes may call any public address.
     *
     * @example ["203.0.113.0/24"]
     */
    partnerRanges?: string[];
    /**
     * TCP ports of the partners, with `partnerRanges`. Default: 443.
     *
     * @example [443, 8443]
     */
    partnerPorts?: number[];
    /**
     * Length of the public prefix that partners see: 28 (16 addresses) to 31 (2). Cannot be changed later. Default: 31, or 30
     * where the nodes of the Istio add-on take the prefix, because an upgrade adds one.
     */
    egressPrefixLength?: number;
    /**
     * SKU of the NAT gateway and its prefix. Cannot be changed later. Default: `standardV2`, or `standard` if the nodes
     * of the Istio add-on use the prefix.
     */
    egressSku?: EgressSku;
    /**
     * Whether this update may replace the public prefix. Every partner must then allow the new one. Default: false; a
     * change that would replace it is refused.
     */
    replacePrefix?: boolean;
    /**
     * Whether a lock (`CanNotDelete`) prevents everybody from deleting the prefix, in the portal as well. The identity that deploys
     * needs the role Locks Contributor, User Access Administrator or Owner. Default: false.
     */
    deleteLock?: boolean;
    /**
     * Minutes after which the NAT gateway drops an idle connection, 4 to 120. Default: 10, the maximum lifetime of a
     * route's connection.
     */
    idleTimeoutMinutes?: number;
    /**
     * Availability zones of the public addresses and the firewall. Empty in a region without zones. Default: 1, 2, 3.
     *
     * @example ["1", "2", "3"]
     */
    zones?: string[];
}

/** What applies where an option is left out. The Istio add-on's prefix has another length. */
export const NETWORK_DEFAULTS = {
    addressSpace: "10.64.0.0/16",
    outboundControl: OutboundControl.Firewall,
    egressPrefixLength: 31,
    idleTimeoutMinutes: 10,
    partnerPorts: [HTTPS_PORT],
} as const satisfies Partial<Record<keyof EgressNetworkOptions, unknown>>;
