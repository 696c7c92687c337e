import {
    EgressNetworkOptions,
    EgressSku,
    ExistingRouteTables,
    ExistingSubnets,
    NETWORK_DEFAULTS,
    NetworkPeering,
} from "./networkOptions";
import { OutboundControl } from "./outboundControl";
import { ADDON_PREFIX_LENGTH } from "../mesh/meshAddon";
import { AVAILABILITY_ZONES } from "./zones";

/** The subnets of every network, with their purpose. */
export const SUBNETS = ["nodes", "firewall", "egress", "apiServer"] as const;
export type SubnetName = (typeof SUBNETS)[number];
export type SubnetRanges = Record<SubnetName, string>;

export interface ResolvedNetwork {
    addressSpace: string;
    /** Ranges that the user chose. The other ranges are carved out of the address space. */
    subnets: Partial<SubnetRanges>;
    virtualNetworkId?: string;
    existingSubnets?: ExistingSubnets;
    peerings: NetworkPeering[];
    connectedElsewhere: boolean;
    routeTables?: ExistingRouteTables;
    outboundControl: OutboundControl;
    /** Whether a NAT gateway uses the prefix. Otherwise the nodes of the Istio add-on do. */
    natGateway: boolean;
    egressPrefixLength: number;
    egressSku: EgressSku;
    idleTimeoutMinutes: number;
    allowedFqdns: string[];
    allowedServiceTags: string[];
    partnerRanges: string[];
    partnerPorts: number[];
    zones: string[];
    /** Whether a lock keeps everybody from deleting the prefix. */
    deleteLock: boolean;
}

/** The options of a network with their defaults. */
export function resolvedNetwork(options: EgressNetworkOptions, natGateway = true): ResolvedNetwork {
    return {
        addressSpace: options.addressSpace ?? NETWORK_DEFAULTS.addressSpace,
        subnets: options.subnets ?? {},
        virtualNetworkId: options.virtualNetworkId,
        existingSubnets: options.existingSubnets,
        peerings: options.peerings ?? [],
        connectedElsewhere: options.connectedElsewhere ?? false,
        routeTables: options.routeTables,
        outboundControl: options.outboundControl ?? NETWORK_DEFAULTS.outboundControl,
        natGateway,
        egressPrefixLength:
            options.egressPrefixLength ?? (natGateway ? NETWORK_DEFAULTS.egressPrefixLength : ADDON_PREFIX_LENGTH),
        egressSku: options.egressSku ?? (natGateway ? EgressSku.StandardV2 : EgressSku.Standard),
        idleTimeoutMinutes: options.idleTimeoutMinutes ?? NETWORK_DEFAULTS.idleTimeoutMinutes,
        allowedFqdns: options.allowedFqdns ?? [],
        allowedServiceTags: options.allowedServiceTags ?? [],
        partnerRanges: options.partnerRanges ?? [],
        partnerPorts: options.partnerPorts ?? [...NETWORK_DEFAULTS.partnerPorts],
        zones: options.zones ?? AVAILABILITY_ZONES,
        deleteLock: options.deleteLock ?? false,
    };
}
