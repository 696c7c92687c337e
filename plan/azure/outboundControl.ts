/** How what leaves the nodes other than through the egress gateway is held back. */
export const OutboundControl = {
    /** By an Azure Firewall that lets AKS's own needs through, by host name, and what you allow. The only tight one. */
    Firewall: "firewall",
    /** By a firewall of yours, such as that of a hub, to which route tables of yours lead. */
    Routes: "routes",
    /**
     * By a network security group that lets all of Azure's services through, because it knows no host names. Microsoft
     * does not support such outbound rules for AKS nodes: a package mirror or a registry outside of the service tags
     * stops working, and an address that Azure moves out of a tag does, too.
     */
    Nsg: "nsg",
    /** By nobody: for development. */
    Open: "open",
} as const;
export type OutboundControl = (typeof OutboundControl)[keyof typeof OutboundControl];

/** Whether route tables take what leaves the nodes to a firewall. */
export function isRouted(control: OutboundControl): boolean {
    return control === OutboundControl.Firewall || control === OutboundControl.Routes;
}
