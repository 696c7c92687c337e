/** A rule of a network security group, as ARM takes it. */
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

/** What the nodes of every AKS cluster need outside of their network, as far as service tags can tell. */
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

export const denyInternet: SecurityRule = {
    ...outbound,
    name: "deny-internet",
    priority: 4000,
    access: "Deny",
    protocol: "*",
    destinationAddressPrefix: "Internet",
    destinationPortRange: "*",
};

/** Rules for the nodes' subnet with outboundControl `nsg`: Azure's own services, what the caller adds, and nothing else. */
export function nodeSecurityRules(allowedServiceTags: string[]): SecurityRule[] {
    return [...serviceTagRules(allowedServiceTags), denyInternet];
}
