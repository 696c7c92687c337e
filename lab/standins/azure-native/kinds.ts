import { bag, type Properties, text } from "../shared/values";
import { account, guid, publicAddress } from "./account";

/** What the stand-in knows of a type of resource. */
export interface Kind {
    /** ARM's path; each `{x}` is the input x, and the last one names the resource. */
    path: string;
    /** Inputs that ARM does not change, so that another value is another resource; those of `path` are too. */
    fixed?: string[];
    /** Inputs that azure-native sends as an update, and that ARM then refuses to change. */
    refused?: string[];
    /** Whether a delete goes over a data plane where whoever deploys has no role. */
    deniesDelete?: boolean;
    /** What ARM adds to the inputs. */
    computed?: (id: string, inputs: Properties) => Properties;
}

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const network = `${group}/providers/Microsoft.Network`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const place = ["location"];
const placeAndZones = ["location", "zones"];

/*
 * Which inputs replace a resource: `forceNewMap` of provider/pkg/gen/replacement.go in pulumi/pulumi-azure-native, for cluster,
 * pools, addresses, networks, groups and roles; the others by what ARM refuses to change. Everything in a path does, too
 * (provider/pkg/provider/diff.go).
 */
export const kinds: Record<string, Kind> = {
    "alertsmanagement:PrometheusRuleGroup": {
        path: `${group}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}`,
        fixed: place,
    },
    "authorization:ManagementLockByScope": { path: "{scope}/providers/Microsoft.Authorization/locks/{lockName}" },
    "authorization:RoleAssignment": {
        path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        fixed: ["principalId", "principalType", "roleDefinitionId", "scope"],
    },
    "compute:VirtualMachine": {
        path: `${group}/providers/Microsoft.Compute/virtualMachines/{vmName}`,
        fixed: [
            ...placeAndZones,
            "osProfile.adminUsername",
            "osProfile.computerName",
            "osProfile.customData",
            "osProfile.linuxConfiguration.ssh",
            "storageProfile.imageReference",
            "storageProfile.osDisk.createOption",
        ],
        computed: (id) => ({ vmId: guid(id) }),
    },
    "containerservice:AgentPool": {
        path: `${cluster}/agentPools/{agentPoolName}`,
        fixed: ["vmSize"],
        refused: [
            "availabilityZones",
            "gatewayProfile",
            "maxPods",
            "osDiskSizeGB",
            "osDiskType",
            "osType",
            "type",
            "vnetSubnetID",
        ],
        computed: (_, inputs) => ({ currentOrchestratorVersion: inputs["orchestratorVersion"] }),
    },
    "containerservice:MaintenanceConfiguration": { path: `${cluster}/maintenanceConfigurations/{configName}` },
    "containerservice:ManagedCluster": {
        path: cluster,
        fixed: [
            ...place,
            "dnsPrefix",
            "networkProfile.dnsServiceIP",
            "networkProfile.networkDataplane",
            "networkProfile.networkPlugin",
            "networkProfile.networkPluginMode",
            "networkProfile.networkPolicy",
            "networkProfile.outboundType",
            "networkProfile.podCidr",
            "networkProfile.serviceCidr",
            "nodeResourceGroup",
        ],
        // AKS answers PropertyChangeNotAllowed: pools change by a new pool (articles/aks/resize-node-pool.md).
        refused: ["availabilityZones", "maxPods", "osDiskSizeGB", "osDiskType", "vmSize", "vnetSubnetID"].map(
            (property) => `agentPoolProfiles.*.${property}`,
        ),
        computed: (id, inputs) => ({
            currentKubernetesVersion: inputs["kubernetesVersion"],
            fqdn: `${text(inputs["dnsPrefix"])}.aks.example`,
            nodeResourceGroup: inputs["nodeResourceGroup"] ?? `MC_${guid(id).slice(0, 8)}`,
            oidcIssuerProfile: {
                ...bag(inputs, "oidcIssuerProfile"),
                issuerURL: `https://oidc.aks.example/${account.tenantId}/${guid(id)}/`,
            },
        }),
    },
    "dns:RecordSet": { path: `${network}/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}` },
    "dns:Zone": {
        path: `${network}/dnsZones/{zoneName}`,
        fixed: [...place, "zoneType"],
        computed: () => ({ nameServers: ["ns1.azure-dns.example.", "ns2.azure-dns.example."] }),
    },
    "keyvault:Secret": {
        path: `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}`,
        // azure-native deletes it with a client of the vault; with role-based access the answer is 403 for an identity
        // that has the documented roles of this package only (the provider's custom resource for keyvault:Secret).
        deniesDelete: true,
        computed: (_, inputs) => ({
            properties: {
                ...bag(inputs, "properties"),
                // ARM takes a value, and never gives it back.
                value: null,
                secretUri: `https://${text(inputs["vaultName"])}.vault.example/secrets/${text(inputs["secretName"])}`,
            },
        }),
    },
    "keyvault:Vault": {
        path: `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`,
        fixed: [...place, "properties.tenantId"],
        computed: (_, inputs) => ({
            properties: {
                ...bag(inputs, "properties"),
                vaultUri: `https://${text(inputs["vaultName"])}.vault.example/`,
            },
        }),
    },
    "managedidentity:UserAssignedIdentity": {
        path: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
        fixed: place,
        computed: (id) => ({
            clientId: guid(`${id} client`),
            principalId: guid(`${id} principal`),
            tenantId: account.tenantId,
        }),
    },
    "monitor:AzureMonitorWorkspace": {
        path: `${group}/providers/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
        fixed: place,
    },
    "monitor:DataCollectionEndpoint": {
        path: `${group}/providers/Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}`,
        fixed: [...place, "kind"],
    },
    "monitor:DataCollectionRule": {
        path: `${group}/providers/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}`,
        fixed: [...place, "kind"],
    },
    "monitor:DataCollectionRuleAssociation": {
        path: "{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
    },
    "monitor:DiagnosticSetting": { path: "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}" },
    "network:AzureFirewall": {
        path: `${network}/azureFirewalls/{azureFirewallName}`,
        fixed: placeAndZones,
        computed: (_, inputs) => ({
            ipConfigurations: (inputs["ipConfigurations"] as Properties[]).map((one) => ({
                ...one,
                privateIPAddress: "10.0.0.4",
            })),
        }),
    },
    "network:FirewallPolicy": { path: `${network}/firewallPolicies/{firewallPolicyName}`, fixed: place },
    "network:FirewallPolicyRuleCollectionGroup": {
        path: `${network}/firewallPolicies/{firewallPolicyName}/ruleCollectionGroups/{ruleCollectionGroupName}`,
    },
    "network:NatGateway": { path: `${network}/natGateways/{natGatewayName}`, fixed: [...placeAndZones, "sku"] },
    "network:NetworkInterface": { path: `${network}/networkInterfaces/{networkInterfaceName}`, fixed: place },
    "network:NetworkSecurityGroup": {
        path: `${network}/networkSecurityGroups/{networkSecurityGroupName}`,
        fixed: place,
    },
    "network:PublicIPAddress": {
        path: `${network}/publicIPAddresses/{publicIpAddressName}`,
        fixed: [...placeAndZones, "publicIPAddressVersion", "publicIPPrefix", "sku"],
        computed: (id) => ({ ipAddress: publicAddress(id) }),
    },
    "network:PublicIPPrefix": {
        path: `${network}/publicIPPrefixes/{publicIpPrefixName}`,
        fixed: [...placeAndZones, "prefixLength", "publicIPAddressVersion", "sku"],
        computed: (_, inputs) => ({ ipPrefix: `198.51.100.0/${Number(inputs["prefixLength"])}` }),
    },
    "network:RouteTable": { path: `${network}/routeTables/{routeTableName}`, fixed: place },
    "network:Subnet": { path: `${network}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}` },
    "network:VirtualNetwork": { path: `${network}/virtualNetworks/{virtualNetworkName}`, fixed: place },
    "network:VirtualNetworkPeering": {
        path: `${network}/virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}`,
    },
    "operationalinsights:Workspace": {
        path: `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
        fixed: place,
        computed: (id) => ({ customerId: guid(id) }),
    },
    "resources:ResourceGroup": { path: group, fixed: place },
};

/** `azure-native:network:Subnet` -> the kind; refuses what the stand-in does not know. */
export function kindOf(type: string): Kind {
    const kind = kinds[type.split(":").slice(1).join(":")];
    if (!kind) {
        throw new Error(`the stand-in for azure-native has no ${type}`);
    }
    return kind;
}

/** The inputs that are in a resource's path, in its order. */
export function pathInputs(kind: Kind): string[] {
    return [...kind.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== "subscriptionId");
}
