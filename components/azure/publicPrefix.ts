import * as pulumi from "@pulumi/pulumi";
import { authorization, network } from "../internal/azureNative";
import { validateFixed } from "../../plan/azure/fixedProperties";
import { ResolvedNetwork } from "../../plan/azure/resolvedNetwork";
import { EgressSku } from "../../plan/azure/networkOptions";
import { validated } from "../internal/validation";

interface PublicPrefixArgs {
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string>;
    tags?: Record<string, pulumi.Input<string>>;
    zones?: string[];
    request: ResolvedNetwork;
    /** The requested SKU. If undefined, an existing prefix may have either. */
    wantedSku?: EgressSku;
    /** Whether this update may replace the prefix. */
    replacePrefix: boolean;
}

/** The public addresses that partners see, and their NAT gateway, unless the add-on's nodes use them. */
export interface PublicPrefix {
    id: pulumi.Output<string>;
    ipPrefix: pulumi.Output<string>;
    natGatewayId?: pulumi.Output<string>;
}

/*
 * azure-native passes the name of a product on as text (`string | NatGatewaySkuName`). Its API version 2024-05-01 is above
 * the least one that Microsoft names for StandardV2: 2024-03-01 for NAT gateways and 2023-06-01 for prefixes
 * (https://github.com/Azure/azure-cli/issues/31245).
 */
const SKU_NAMES: Record<EgressSku, string> = { standardV2: "StandardV2", standard: "Standard" };

/** Creates the prefix and the NAT gateway. Neither can change its SKU in place, so existing ones keep theirs. */
export function publicPrefix(
    name: string,
    parent: pulumi.Resource,
    { zones, request, wantedSku, replacePrefix, ...shared }: PublicPrefixArgs,
): PublicPrefix {
    const sku = { name: SKU_NAMES[request.egressSku] };
    const kept = (properties: string[]) => (replacePrefix ? [] : properties);
    const prefix = new network.PublicIPPrefix(
        `${name}-egress-prefix`,
        {
            ...shared,
            sku,
            publicIPAddressVersion: network.IPVersion.IPv4,
            prefixLength: request.egressPrefixLength,
            zones,
        },
        {
            parent,
            // Azure writes the id of the prefix's NAT gateway there.
            ignoreChanges: ["natGateway", ...kept(["prefixLength", "sku", "zones"])],
            replaceOnChanges: replacePrefix ? ["prefixLength", "sku", "zones"] : [],
        },
    );
    if (request.deleteLock) {
        // It goes before the prefix does.
        new authorization.ManagementLockByScope(
            `${name}-egress-prefix-lock`,
            {
                scope: prefix.id,
                level: authorization.LockLevel.CanNotDelete,
                notes: "Partners allow the addresses of this prefix; no other has them.",
            },
            { parent },
        );
    }
    const natGateway =
        request.natGateway && request.existingSubnets === undefined
            ? new network.NatGateway(
                  `${name}-nat-gateway`,
                  {
                      ...shared,
                      sku,
                      publicIpPrefixes: [{ id: prefix.id }],
                      idleTimeoutInMinutes: request.idleTimeoutMinutes,
                  },
                  { parent, ignoreChanges: kept(["sku"]), replaceOnChanges: replacePrefix ? ["sku"] : [] },
              )
            : undefined;
    const known = validated(
        "EgressNetwork",
        name,
        { id: prefix.id, ipPrefix: prefix.ipPrefix, length: prefix.prefixLength, product: prefix.sku },
        ({ length, product }: KnownPrefix) =>
            replacePrefix
                ? []
                : validateFixed(
                      [
                          { option: "egressPrefixLength", wanted: request.egressPrefixLength, actual: length },
                          { option: "egressSku", wanted: sku.name, actual: wantedSku && product?.name },
                      ],
                      {
                          what: "the public prefix",
                          cost: "and no partner would accept a call until it allows the new one",
                          option: "replacePrefix",
                          way: "create a second environment with the new prefix, ask the partners to allow both, and move the callers",
                      },
                  ),
    );
    return { id: known.id, ipPrefix: known.ipPrefix, natGatewayId: natGateway?.id };
}

interface KnownPrefix {
    id: string;
    ipPrefix: string;
    length?: number;
    product?: { name?: string };
}
