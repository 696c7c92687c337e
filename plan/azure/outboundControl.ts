/** Control of the nodes' outbound traffic that does not use the egress gateway. */
export const OutboundControl = {
    /** An Azure Firewall, which allows by host name only what AKS needs and what you add. The strictest control. */
    Firewall: "firewall",
    /** Your own firewall, for example in a hub, to which your route tables lead. */
    Routes: "routes",
    /**
     * A network security group that allows all of Azure's services, because it cannot filter by host name. Microsoft
     * does not support such outbound rules for AKS nodes: package mirrors and registries outside the service tags stop
     * working, and so does an address that Azure removes from a tag.
     */
    Nsg: "nsg",
    /** No control. For development. */
    Open: "open",
} as const;
export type OutboundControl = (typeof OutboundControl)[keyof typeof OutboundControl];

/** Whether route tables send the nodes' outbound traffic to a firewall. */
export function isRouted(control: OutboundControl): boolean {
    return control === OutboundControl.Firewall || control === OutboundControl.Routes;
}
