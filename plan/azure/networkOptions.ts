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

/** A network, without its region. */
export interface EgressNetworkOptions {
    /** Addresses of the virtual network, at least /23. Default: `10.64.0.0/16`. */
    addressSpace?: string;
    /** Addresses of the subnets. Default: carved out of the address space. */
    subnets?: NetworkSubnets;
    /** How what leaves the nodes other than through the egress gateway is held back. Default: `Firewall`. */
    outboundControl?: OutboundControl;
    /** Hosts that the nodes may call beside AKS's own, for example registries of images; with `Firewall`. Default: none. */
    allowedFqdns?: string[];
    /** Service tags that the nodes may call beside AKS's own, with `Nsg`. Default: none. */
    allowedServiceTags?: string[];
    /** Length of the public prefix that partners see: 28 (16 addresses) to 31 (2). Cannot be changed later. Default: 31. */
    egressPrefixLength?: number;
    /** Minutes after which the NAT gateway forgets an idle connection. Default: 10, as long as a route's connection lasts. */
    idleTimeoutMinutes?: number;
    /** Availability zones of the public addresses and the firewall; an empty list in a region without. Default: 1, 2, 3. */
    zones?: string[];
}
