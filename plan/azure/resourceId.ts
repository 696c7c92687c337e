import { Violation } from "../shared/violation";

/** Parts of an Azure resource id. */
export interface ResourceId {
    resourceGroup: string;
    /** Names in the order of the id, outermost first. */
    names: string[];
}

/** Resource kinds that options refer to by id, each with its path after the resource group. */
const KINDS = {
    virtualNetwork: "Microsoft.Network/virtualNetworks/{name}",
    subnet: "Microsoft.Network/virtualNetworks/{name}/subnets/{name}",
    routeTable: "Microsoft.Network/routeTables/{name}",
    privateDnsZone: "Microsoft.Network/privateDnsZones/{name}",
    keyVault: "Microsoft.KeyVault/vaults/{name}",
    monitorWorkspace: "Microsoft.Monitor/accounts/{name}",
    actionGroup: "Microsoft.Insights/actionGroups/{name}",
} as const;
export type ResourceKind = keyof typeof KINDS;

const COMMANDS: Record<ResourceKind, string> = {
    virtualNetwork: "az network vnet show --resource-group <group> --name <name> --query id --output tsv",
    subnet: "az network vnet subnet show --resource-group <group> --vnet-name <network> --name <name> --query id --output tsv",
    routeTable: "az network route-table show --resource-group <group> --name <name> --query id --output tsv",
    privateDnsZone: "az network private-dns zone show --resource-group <group> --name <name> --query id --output tsv",
    keyVault: "az keyvault show --name <name> --query id --output tsv",
    monitorWorkspace: "az monitor account show --resource-group <group> --name <name> --query id --output tsv",
    actionGroup: "az monitor action-group show --resource-group <group> --name <name> --query id --output tsv",
};

/** Reads the id of a resource of that kind. Undefined for other text. */
export function parseResourceId(kind: ResourceKind, id: string): ResourceId | undefined {
    const path = KINDS[kind].replaceAll(".", "\\.").replaceAll("{name}", "([^/]+)");
    const found = new RegExp(`^/subscriptions/[^/]+/resourceGroups/([^/]+)/providers/${path}$`, "i").exec(id);
    return found ? { resourceGroup: found[1], names: found.slice(2) } : undefined;
}

/** The id of the virtual network that a subnet is in, by the subnet's id. */
export function networkOfSubnet(id: string): string {
    return id.replace(/\/subnets\/[^/]+$/i, "");
}

/** Refuses text that is not the id of a resource of that kind. */
export function validateResourceId(kind: ResourceKind, path: string, id: string): Violation[] {
    return parseResourceId(kind, id)
        ? []
        : [
              {
                  path,
                  value: id,
                  problem: `is not the id of ${kind.startsWith("a") ? "an" : "a"} ${kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
                  expected: `an id that ends in /providers/${KINDS[kind].replaceAll("{name}", "<name>")}`,
                  fix: `Set it to the output of: ${COMMANDS[kind]}`,
              },
          ];
}
