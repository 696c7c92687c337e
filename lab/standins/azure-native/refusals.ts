import { bag, isProperties, type Properties, text } from "../shared/values";
import { type Caller, guid } from "./account";
import type { Kind } from "./kinds";

/*
 * What Azure refuses because of who asks, of the subscription, or of what is there already.
 */

/** Registered in each subscription (azure-services-resource-providers.md of MicrosoftDocs/azure-docs). */
const ALWAYS_REGISTERED = ["Microsoft.Authorization", "Microsoft.Resources"];

/** `Microsoft.Network/virtualNetworks/subnets`: the type of a resource in ARM, the first part of which is its provider's. */
function armType({ path }: Kind): string {
    const [, provider] = /.*\/providers\/(.*)$/.exec(path) ?? [];
    // Namespace, and then a type and a name by turns.
    return provider === undefined
        ? "Microsoft.Resources/subscriptions/resourceGroups"
        : provider
              .split("/")
              .filter((_, index) => index === 0 || index % 2 === 1)
              .join("/");
}

/** Refuses a change by somebody without a role for it. */
export function refuseReader(caller: Caller, kind: Kind, id: string, verb: "write" | "delete"): void {
    if (caller.onlyReads) {
        throw new Error(
            `Code="AuthorizationFailed": The client '${caller.clientId}' with object id '${caller.objectId}' does not have ` +
                `authorization to perform action '${armType(kind)}/${verb}' over scope '${id}' (stand-in for ARM)`,
        );
    }
}

/**
 * Refuses a resource whose provider the subscription has not registered; MESH_EGRESS_AKS_REGISTERED lists the registered ones, or all
 * are. azure-native's client registers one by itself where it may (`armruntime.NewPipeline` in provider/pkg/azure/client_azcore.go), but
 * the role for that is on the subscription, and not every service answers with the code for it (pulumi-azure-native issue 3479).
 */
export function refuseUnregistered(kind: Kind, registered = process.env["MESH_EGRESS_AKS_REGISTERED"]): void {
    const [namespace] = armType(kind).split("/");
    if (registered !== undefined && ![...ALWAYS_REGISTERED, ...registered.split(",")].includes(namespace)) {
        throw new Error(
            `Code="MissingSubscriptionRegistration": The subscription is not registered to use namespace '${namespace}' (stand-in for ARM)`,
        );
    }
}

/** Resources by their ids, as far as this operation has come to them. */
export type Known = Map<string, { type: string; inputs: Properties }>;

// Ids of built-in roles.
const MANAGED_IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830";
const NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const PRIVATE_DNS_ZONE_CONTRIBUTOR = "b12aa53e-6015-4669-85d0-8515ebb3ae7f";

/** Refuses what does not go with the resources that it names. */
export function refuseMisfit(type: string, inputs: Properties, known: Known): void {
    if (type.endsWith(":ManagedCluster")) {
        refuseIdentity(inputs, known);
    }
    if (type.endsWith(":NatGateway")) {
        refuseOtherSku(inputs, known);
    }
}

/**
 * Refuses a cluster whose identity lacks a role. AKS asks for that on the kubelet identity and on a private DNS zone before it makes anything
 * (articles/aks/use-managed-identity.md of MicrosoftDocs/azure-aks-docs; the codes are among the error codes of its resource provider), and
 * links such a zone with the network itself (private-clusters.md there).
 */
function refuseIdentity(inputs: Properties, known: Known): void {
    const own = (bag(inputs, "identity")["userAssignedIdentities"] ?? []) as string[];
    const principals = own.map((id) => guid(`${id} principal`));
    const has = (role: string, scope: string) =>
        [...known.values()].some(
            (one) =>
                one.type.endsWith(":RoleAssignment") &&
                one.inputs["scope"] === scope &&
                principals.includes(text(one.inputs["principalId"]) ?? "") &&
                text(one.inputs["roleDefinitionId"])?.endsWith(role),
        );
    const kubelet = text(bag(inputs, "identityProfile", "kubeletidentity")["resourceId"]);
    if (kubelet !== undefined && !has(MANAGED_IDENTITY_OPERATOR, kubelet)) {
        throw missingKubeletRole();
    }
    const zone = text(bag(inputs, "apiServerAccessProfile")["privateDNSZone"]);
    if (zone?.startsWith("/") && !has(PRIVATE_DNS_ZONE_CONTRIBUTOR, zone)) {
        throw new Error(
            `Code="CustomPrivateDNSZoneMissingPermissionError": the cluster's identity lacks a role on ${zone} (stand-in for ARM)`,
        );
    }
    const [pool] = (inputs["agentPoolProfiles"] ?? []) as Properties[];
    const network = (text(pool?.["vnetSubnetID"]) ?? "").replace(/\/subnets\/[^/]+$/, "");
    if (zone?.startsWith("/") && !has(NETWORK_CONTRIBUTOR, network)) {
        throw new Error(
            `Code="CreateOrUpdateVirtualNetworkLinkFailed": the cluster's identity lacks a role on ${network} (stand-in for ARM)`,
        );
    }
}

export function missingKubeletRole(): Error {
    return new Error(
        'Code="CustomKubeletIdentityMissingPermissionError": The cluster using user-assigned managed identity must be granted ' +
            "'Managed Identity Operator' role to assign kubelet identity (stand-in for ARM)",
    );
}

/** A NAT gateway takes prefixes of its own SKU only (articles/nat-gateway/nat-sku.md of MicrosoftDocs/azure-docs). */
function refuseOtherSku(inputs: Properties, known: Known): void {
    const sku = bag(inputs, "sku")["name"];
    for (const prefix of ((inputs["publicIpPrefixes"] ?? []) as Properties[]).filter(isProperties)) {
        const id = text(prefix["id"]) ?? "";
        const given = known.get(id);
        if (given && bag(given.inputs, "sku")["name"] !== sku) {
            throw new Error(`a NAT gateway of SKU ${text(sku)} cannot use ${id}, which has another (stand-in for ARM)`);
        }
    }
}
