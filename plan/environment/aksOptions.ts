import { AksClusterOptions } from "../azure/clusterOptions";
import { EgressNetworkOptions } from "../azure/networkOptions";

/** A virtual machine that acts as a partner, and the DNS zone with its hosts. */
export interface AksPartner {
    /**
     * Name of a public zone with the hosts, which its parent must delegate to `nameServers`. Default: none is made, and the
     * routes call the machine by its address. @example "partner.contoso.com"
     */
    zoneName?: string;
    /** Host names of the machine, in that zone. @example ["mtls.partner.contoso.com"] */
    hosts: string[];
    /**
     * Size of the virtual machine. Default: `Standard_B2s`.
     *
     * @example "Standard_D4ds_v5"
     */
    vmSize?: string;
}

/** What applies where an option is left out. */
export const PARTNER_DEFAULTS = { vmSize: "Standard_B2s" } as const satisfies Partial<AksPartner>;

/** The network and the cluster of an AKS environment, and a partner to call. */
export interface AksOptions {
    /** Azure region. @example "westeurope" */
    location: string;
    /**
     * Object id of the Entra ID group whose members administer the cluster. The identity that deploys must be a member,
     * because updates create objects in the cluster.
     *
     * @example "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
     */
    adminGroup: string;
    /**
     * The network. Default: a network with its defaults.
     *
     * @example { addressSpace: "10.64.0.0/16", outboundControl: "firewall" }
     */
    network?: EgressNetworkOptions;
    /**
     * The cluster.
     *
     * @example { kubernetesVersion: "1.36", systemPool: { vmSize: "Standard_D4ds_v5", minNodes: 2 }, egressPool: { vmSize: "Standard_D4ds_v5", minNodes: 2 } }
     */
    cluster: AksClusterOptions;
    /**
     * Further namespaces whose pods may run on the nodes of the egress pool. The API server refuses such pods elsewhere, except in
     * `kube-system`, `calico-system`, `tigera-operator` and the namespaces of the mesh and of the gateway. Default: none.
     *
     * @example ["monitoring"]
     */
    egressNodeNamespaces?: string[];
    /**
     * A virtual machine that acts as the partner for routes to its hosts. Default: none.
     *
     * @example { zoneName: "partner.contoso.com", hosts: ["mtls.partner.contoso.com"] }
     */
    partner?: AksPartner;
    /** Whether the engine refuses to delete or replace resources that cannot be recreated. Default: false. */
    protect?: boolean;
    /**
     * Whether a policy of the subscription adds tags. Updates then leave the tags of existing resources unchanged.
     * Default: false.
     */
    tagsByPolicy?: boolean;
    /**
     * Tags of every Azure resource. Default: none.
     *
     * @example { team: "payments" }
     */
    tags?: Record<string, string>;
}
