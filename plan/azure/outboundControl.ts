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

/** Warnings about a control that is outside Microsoft's guidance (articles/aks/outbound-rules-control-egress.md). */
export function outboundWarnings(control: OutboundControl): string[] {
    return control === OutboundControl.Nsg
        ? [
              "outboundControl nsg is outside Microsoft's guidance: Azure does not support security group rules that " +
                  "hold back what AKS nodes need. Images of registries outside of Azure, package mirrors, NTP, and " +
                  "addresses that Azure moves out of a service tag stop working. firewall and routes are supported.",
          ]
        : [];
}

/** Whether route tables send the nodes' outbound traffic to a firewall. */
export function isRouted(control: OutboundControl): boolean {
    return control === OutboundControl.Firewall || control === OutboundControl.Routes;
}
