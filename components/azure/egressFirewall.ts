import * as pulumi from "@pulumi/pulumi";
import { network } from "../internal/azureNative";
import { firewallRules } from "../../plan/azure/firewallRules";

interface EgressFirewallArgs {
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string>;
    tags?: Record<string, pulumi.Input<string>>;
    zones?: string[];
    allowedFqdns: string[];
    subnetId: pulumi.Input<string>;
}

/** An Azure Firewall, and the address to route to. */
interface EgressFirewall {
    id: pulumi.Output<string>;
    address: pulumi.Output<string>;
}

/** An Azure Firewall that allows what AKS needs and the configured hosts. */
export function egressFirewall(
    name: string,
    parent: pulumi.Resource,
    { zones, allowedFqdns, subnetId, ...shared }: EgressFirewallArgs,
): EgressFirewall {
    const child = { parent };
    const address = new network.PublicIPAddress(
        `${name}-firewall-address`,
        {
            ...shared,
            sku: { name: network.PublicIPAddressSkuName.Standard },
            publicIPAllocationMethod: network.IPAllocationMethod.Static,
            zones,
        },
        child,
    );
    const policy = new network.FirewallPolicy(
        `${name}-firewall-policy`,
        { ...shared, sku: { tier: network.FirewallPolicySkuTier.Standard } },
        child,
    );
    const rules = new network.FirewallPolicyRuleCollectionGroup(
        `${name}-firewall-rules`,
        {
            resourceGroupName: shared.resourceGroupName,
            firewallPolicyName: policy.name,
            ruleCollectionGroupName: "mesh-egress",
            priority: 200,
            ruleCollections: [
                {
                    ruleCollectionType: "FirewallPolicyFilterRuleCollection",
                    name: "nodes",
                    priority: 100,
                    action: { type: network.FirewallPolicyFilterRuleCollectionActionType.Allow },
                    rules: firewallRules(allowedFqdns),
                },
            ],
        },
        child,
    );
    const firewall = new network.AzureFirewall(
        `${name}-firewall`,
        {
            ...shared,
            zones,
            sku: { name: network.AzureFirewallSkuName.AZFW_VNet, tier: network.AzureFirewallSkuTier.Standard },
            firewallPolicy: { id: policy.id },
            ipConfigurations: [{ name: "mesh-egress", subnet: { id: subnetId }, publicIPAddress: { id: address.id } }],
        },
        // A node that is created before the rules could not reach anything that it needs.
        { parent, dependsOn: rules },
    );
    return {
        id: firewall.id,
        address: firewall.ipConfigurations.apply((configurations) => configurations?.[0]?.privateIPAddress ?? ""),
    };
}
