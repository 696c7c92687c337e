export interface Route {
    name: string;
    addressPrefix: string;
    nextHopType: "VirtualAppliance" | "Internet";
    nextHopIpAddress?: string;
}

/** Routes that send all outbound traffic of the nodes to the firewall. */
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
 * Routes of the egress subnet. With user-defined routes, AKS requires a default route to an appliance on every subnet
 * of the cluster. The routes for the two halves of the internet are more specific, so the egress nodes still use their
 * NAT gateway.
 */
export function egressRoutes(firewallAddress: string): Route[] {
    return [
        ...nodeRoutes(firewallAddress),
        { name: "lower-half-to-nat-gateway", addressPrefix: "0.0.0.0/1", nextHopType: "Internet" },
        { name: "upper-half-to-nat-gateway", addressPrefix: "128.0.0.0/1", nextHopType: "Internet" },
    ];
}
