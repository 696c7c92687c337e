export interface Route {
    name: string;
    addressPrefix: string;
    nextHopType: "VirtualAppliance" | "Internet";
    nextHopIpAddress?: string;
}

/** Everything that leaves the nodes goes to the firewall. */
export function nodeRoutes(firewallAddress: string): Route[] {
    return [
        {
            name: "to-firewall",
            addressPrefix: "0.0.0.0/0",
            nextHopType: "VirtualAppliance",
            nextHopIpAddress: firewallAddress,
        },
    ];
}

/**
 * AKS wants a default route to an appliance on every subnet of a cluster with user-defined routes. The two halves of
 * the Internet are more specific than it, so the egress nodes leave through their NAT gateway all the same.
 */
export function egressRoutes(firewallAddress: string): Route[] {
    return [
        ...nodeRoutes(firewallAddress),
        { name: "lower-half-to-nat-gateway", addressPrefix: "0.0.0.0/1", nextHopType: "Internet" },
        { name: "upper-half-to-nat-gateway", addressPrefix: "128.0.0.0/1", nextHopType: "Internet" },
    ];
}
