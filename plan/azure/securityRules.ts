/*
 * Each subnet but that of Azure Firewall, which takes none, has a security group. One without rules of its own keeps Azure's
 * defaults: everything inside of the network and from Azure's load balancer is let in, and the rest of the Internet is not. The API
 * server's subnet needs TCP 443 and 4443 from the nodes and 9988 from the load balancer
 * (articles/aks/api-server-vnet-integration.md of MicrosoftDocs/azure-aks-docs, "NSG security rules"), which the defaults have. What calls
 * of a public API server look like there is not documented, so they are let in by TCP, and AKS and Entra ID decide about them.
 */

/** A rule of a network security group, in ARM's form. */
export interface SecurityRule {
    name: string;
    priority: number;
    direction: "Inbound" | "Outbound";
    access: "Allow" | "Deny";
    protocol: "Tcp" | "*";
    sourceAddressPrefix: string;
    sourcePortRange: string;
    destinationAddressPrefix: string;
    destinationPortRange: string;
}

/** Service tags that the nodes of every AKS cluster need. */
const NODE_SERVICE_TAGS = [
    "AzureCloud",
    "MicrosoftContainerRegistry",
    "AzureFrontDoor.FirstParty",
    "AzureFrontDoor.Frontend",
    "AzureActiveDirectory",
];

const outbound = { direction: "Outbound", sourceAddressPrefix: "*", sourcePortRange: "*" } as const;

/** Rules that let nodes call Azure's own services, and those of further service tags, on port 443. */
export function serviceTagRules(further: string[]): SecurityRule[] {
    return [...new Set([...NODE_SERVICE_TAGS, ...further])].map((tag, index) => ({
        ...outbound,
        name: `allow-${tag.toLowerCase().replaceAll(".", "-")}`,
        priority: 200 + index,
        access: "Allow",
        protocol: "Tcp",
        destinationAddressPrefix: tag,
        destinationPortRange: "443",
    }));
}

/** Rules for the API server's subnet. */
export function apiServerSecurityRules(isPublic: boolean): SecurityRule[] {
    return isPublic
        ? [
              {
                  name: "allow-clients",
                  priority: 200,
                  direction: "Inbound",
                  access: "Allow",
                  protocol: "Tcp",
                  sourceAddressPrefix: "Internet",
                  sourcePortRange: "*",
                  destinationAddressPrefix: "*",
                  destinationPortRange: "*",
              },
          ]
        : [];
}

export const denyInternet: SecurityRule = {
    ...outbound,
    name: "deny-internet",
    priority: 4000,
    access: "Deny",
    protocol: "*",
    destinationAddressPrefix: "Internet",
    destinationPortRange: "*",
};

/**
 * Rules for the nodes' subnet with outboundControl `nsg`: Azure's own services, the added service tags, and nothing
 * else.
 */
export function nodeSecurityRules(allowedServiceTags: string[]): SecurityRule[] {
    return [...serviceTagRules(allowedServiceTags), denyInternet];
}
