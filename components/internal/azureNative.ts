import * as ruleGroupModule from "@pulumi/azure-native/alertsmanagement/prometheusRuleGroup";
import * as authorizationModule from "@pulumi/azure-native/authorization";
import * as virtualMachineModule from "@pulumi/azure-native/compute/virtualMachine";
import * as containerServiceModule from "@pulumi/azure-native/containerservice";
import * as dnsModule from "@pulumi/azure-native/dns";
import * as keyVaultModule from "@pulumi/azure-native/keyvault";
import * as managedIdentityModule from "@pulumi/azure-native/managedidentity";
import * as monitorModule from "@pulumi/azure-native/monitor";
import * as networkModule from "@pulumi/azure-native/network";
import * as workspaceModule from "@pulumi/azure-native/operationalinsights/workspace";
import * as resourceGroupModule from "@pulumi/azure-native/resources/resourceGroup";
import { optionalModule } from "./optionalPackage";

/* The parts of azure-native that components on Azure use. Single files where their folder has many more. */

const azure = "@pulumi/azure-native";

export const alertsmanagement = optionalModule<typeof ruleGroupModule>(`${azure}/alertsmanagement/prometheusRuleGroup`);
export const authorization = optionalModule<typeof authorizationModule>(`${azure}/authorization`);
export const aks = optionalModule<typeof containerServiceModule>(`${azure}/containerservice`);
export const compute = optionalModule<typeof virtualMachineModule>(`${azure}/compute/virtualMachine`);
export const dns = optionalModule<typeof dnsModule>(`${azure}/dns`);
export const keyvault = optionalModule<typeof keyVaultModule>(`${azure}/keyvault`);
export const managedidentity = optionalModule<typeof managedIdentityModule>(`${azure}/managedidentity`);
export const monitor = optionalModule<typeof monitorModule>(`${azure}/monitor`);
export const network = optionalModule<typeof networkModule>(`${azure}/network`);
export const operationalinsights = optionalModule<typeof workspaceModule>(`${azure}/operationalinsights/workspace`);
export const resources = optionalModule<typeof resourceGroupModule>(`${azure}/resources/resourceGroup`);
