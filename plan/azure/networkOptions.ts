import { OutboundControl } from "./outboundControl";

/** The subnets that can be chosen; what is left out is carved out of the address space. */
export interface NetworkSubnets {
    /** The nodes of the system and user pools: at least /27. Default: the lower half of the address space. */
    nodes?: string;
    /** Azure Firewall: at least /26. Default: the first /26 of the upper half. */
    firewall?: string;
    /** The nodes of the egress pool: at least /28. Default: the second /26 of the upper half. */
    egress?: string;
    /** The API server: at least /28. Default: the /28 after that. */
    apiServer?: string;
}

/** The product that the NAT gateway and its public prefix are of. Azure changes neither of them in place. */
export const EgressSku = {
    /** Zone-redundant: the failure of a zone leaves the addresses that partners allow. */
    StandardV2: "standardV2",
    /** In one zone that Azure chooses. For regions without StandardV2. */
    Standard: "standard",
} as const;
export type EgressSku = (typeof EgressSku)[keyof typeof EgressSku];

/** Subnets that exist already. Who made them gives them route tables, security groups and a NAT gateway. */
export interface ExistingSubnets {
    /** Id of the subnet of the system and user pools. */
    nodes: string;
    /** Id of the subnet of the egress pool, whose NAT gateway or firewall has the addresses of `egressPrefix`. */
    egress: string;
    /** Id of an empty subnet that is delegated to `Microsoft.ContainerService/managedClusters`. */
    apiServer: string;
    /** The public addresses that the egress subnet leaves from, in CIDR notation. @example "198.51.100.0/30" */
    egressPrefix: string;
}

/** Another network that this one is connected with. */
export interface NetworkPeering {
    /** Name of the peering. @example "hub" */
    name: string;
    /** Id of the other virtual network, whose own side of the peering is made there. */
    virtualNetworkId: string;
    /** Whether the gateways (VPN, ExpressRoute) of the other network serve this one. Default: false. */
    useRemoteGateways?: boolean;
}

/** Route tables that exist already, with `outboundControl: routes`. */
export interface ExistingRouteTables {
    /** Id of the route table of the nodes' subnet, whose default route leads to a firewall. */
    nodes: string;
    /**
     * Id of the route table of the egress subnet. Next to a default route, which AKS asks for, it needs `0.0.0.0/1` and
     * `128.0.0.0/1` with the next hop `Internet`, so that the egress nodes leave through their NAT gateway.
     */
    egress: string;
}

/** A network, without its region. */
export interface EgressNetworkOptions {
    /** Addresses of the virtual network, at least /23. Default: `10.64.0.0/16`. */
    addressSpace?: string;
    /** Addresses of the subnets. Default: carved out of the address space. */
    subnets?: NetworkSubnets;
    /** Name of a resource group that exists already. Default: one is made. @example "rg-aks-prod" */
    resourceGroupName?: string;
    /**
     * Id of a virtual network that exists already, in which the subnets are made: `addressSpace` is then the part of it that
     * they are carved out of. Default: one is made.
     */
    virtualNetworkId?: string;
    /** Subnets that exist already. Default: they are made. */
    existingSubnets?: ExistingSubnets;
    /** Networks to connect with, such as a hub. Default: none. */
    peerings?: NetworkPeering[];
    /**
     * Whether something outside of this program, such as Azure Virtual Network Manager, connects the network as soon as it
     * exists. Default: false.
     */
    connectedElsewhere?: boolean;
    /** Route tables that exist already, with `outboundControl: routes`. Default: none. */
    routeTables?: ExistingRouteTables;
    /** How what leaves the nodes other than through the egress gateway is held back. Default: `Firewall`. */
    outboundControl?: OutboundControl;
    /** Hosts that the nodes may call beside AKS's own, for example registries of images; with `Firewall`. Default: none. */
    allowedFqdns?: string[];
    /** Service tags that the nodes may call beside AKS's own, with `Nsg`. Default: none. */
    allowedServiceTags?: string[];
    /**
     * Address ranges of the partners, in CIDR notation. A security group then holds the egress nodes to them, and to Azure's
     * own services on port 443. Default: none, and the egress nodes may call any public address.
     *
     * @example ["203.0.113.0/24"]
     */
    partnerRanges?: string[];
    /** TCP ports of the partners, with `partnerRanges`. Default: 443. */
    partnerPorts?: number[];
    /**
     * Length of the public prefix that partners see: 28 (16 addresses) to 31 (2). Cannot be changed later. Default: 31, or 30
     * where the nodes of the Istio add-on take the prefix, because an upgrade adds one.
     */
    egressPrefixLength?: number;
    /**
     * Product of the NAT gateway and its prefix. Cannot be changed later. Default: `StandardV2`, or `Standard` where the
     * nodes of the Istio add-on take the prefix.
     */
    egressSku?: EgressSku;
    /**
     * Whether this update may replace the public prefix: every partner must then allow another one. Default: false, and a
     * change that would do so is refused.
     */
    replacePrefix?: boolean;
    /** Minutes after which the NAT gateway forgets an idle connection. Default: 10, as long as a route's connection lasts. */
    idleTimeoutMinutes?: number;
    /** Availability zones of the public addresses and the firewall; an empty list in a region without. Default: 1, 2, 3. */
    zones?: string[];
}
