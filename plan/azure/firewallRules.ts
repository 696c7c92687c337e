/** Hosts of Azure Monitor that the agents on the nodes call (articles/aks/outbound-rules-control-egress.md). */
const MONITOR_HOSTS = [
    "dc.services.visualstudio.com",
    "*.ods.opinsights.azure.com",
    "*.oms.opinsights.azure.com",
    "*.monitoring.azure.com",
    "*.ingest.monitor.azure.com",
    "*.handler.control.monitor.azure.com",
];

/** Hosts of the Azure Policy add-on, from the same page. */
const POLICY_HOSTS = ["data.policy.core.windows.net", "store.policy.core.windows.net"];

/**
 * The firewall's rules: what AKS needs, as maintained by Azure, and the hosts that the options add. Everything else is
 * denied.
 */
export function firewallRules(allowedFqdns: string[]) {
    const rule = (name: string, target: { fqdnTags: string[] } | { targetFqdns: string[] }) => ({
        ruleType: "ApplicationRule" as const,
        name,
        sourceAddresses: ["*"],
        protocols: [
            { protocolType: "Http", port: 80 },
            { protocolType: "Https", port: 443 },
        ],
        ...target,
    });
    return [
        rule("aks", { fqdnTags: ["AzureKubernetesService"] }),
        rule("monitor", { targetFqdns: MONITOR_HOSTS }),
        rule("policy", { targetFqdns: POLICY_HOSTS }),
        ...(allowedFqdns.length > 0 ? [rule("allowed", { targetFqdns: allowedFqdns })] : []),
    ];
}
