import { AksClusterOptions } from "../azure/clusterOptions";
import { EgressNetworkOptions } from "../azure/networkOptions";

/** A virtual machine that stands for a partner, and the DNS zone with its hosts. */
export interface AksPartner {
    /**
     * Name of a public zone with the hosts, which its parent must delegate to `nameServers`. Default: none is made, and the
     * routes call the machine by its address. @example "partner.contoso.com"
     */
    zoneName?: string;
    /** Names that the machine answers for, in that zone. @example ["mtls.partner.contoso.com"] */
    hosts: string[];
    /** Size of the virtual machine. Default: `Standard_B2s`. */
    vmSize?: string;
}

/** The network and the cluster of an AKS environment, and a partner to call. */
export interface AksOptions {
    /** Azure region. @example "westeurope" */
    location: string;
    /**
     * Object id of the Entra ID group whose members administer the cluster. Whoever deploys must be a member: the first
     * update puts things into the cluster.
     */
    adminGroup: string;
    /** The network. Default: the network's defaults. */
    network?: EgressNetworkOptions;
    /** The cluster. */
    cluster: AksClusterOptions;
    /** A virtual machine that stands for the partner of those routes whose hosts it has. Default: none. */
    partner?: AksPartner;
    /** Whether the engine refuses to delete or replace what cannot be made again. Default: false. */
    protect?: boolean;
    /**
     * Whether a policy of the subscription adds tags: later updates then leave the tags of what exists as they are. Default:
     * false.
     */
    tagsByPolicy?: boolean;
    /** Tags of every Azure resource. Default: none. */
    tags?: Record<string, string>;
}
