import * as pulumi from "@pulumi/pulumi";
import { dns } from "../internal/azureNative";
import { DEFAULT_TTL_SECONDS, recordName, validateZone } from "../../plan/azure/dnsZone";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** A host in a zone. */
export interface HostRecord {
    /**
     * Full name of the host: the zone itself or a name in it.
     *
     * @example "mtls.partner.example"
     */
    host: string;
    /**
     * IPv4 addresses of the host.
     *
     * @example ["203.0.113.7"]
     */
    addresses: pulumi.Input<string>[];
}

export interface DnsZoneArgs {
    /** Resource group of the zone. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Name of the zone. The parent zone must delegate it to the output `nameServers`.
     *
     * @example "partner.example"
     */
    zoneName: string;
    /**
     * Records of the hosts. Default: none.
     *
     * @example [{ host: "mtls.partner.example", addresses: ["203.0.113.7"] }]
     */
    records?: HostRecord[];
    /** Time to live of the records, in seconds. Default: 300. */
    ttlSeconds?: number;
    /**
     * Tags of the zone. Default: none.
     *
     * @example { team: "payments" }
     */
    tags?: Record<string, pulumi.Input<string>>;
}

/** A public DNS zone with records for hosts. */
export class DnsZone extends pulumi.ComponentResource {
    /** Name of the zone. */
    public readonly zoneName: pulumi.Output<string>;
    /** Name servers to which the parent zone must delegate this zone. */
    public readonly nameServers: pulumi.Output<string[]>;

    constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("DnsZone", name, args);
        const { zoneName, records = [], ttlSeconds = DEFAULT_TTL_SECONDS } = args;
        assertValid("DnsZone", name, validateZone({ zoneName, ttlSeconds, hosts: records.map(({ host }) => host) }));
        super("mesh-egress:index:DnsZone", name, args, opts);

        const { resourceGroupName, tags } = args;
        const zone = new dns.Zone(
            `${name}-zone`,
            { resourceGroupName, zoneName, location: "global", tags },
            { parent: this },
        );
        for (const { host, addresses } of records) {
            new dns.RecordSet(
                `${name}-${host}`,
                {
                    resourceGroupName,
                    zoneName: zone.name,
                    recordType: "A",
                    relativeRecordSetName: recordName(host, zoneName),
                    ttl: ttlSeconds,
                    aRecords: addresses.map((ipv4Address) => ({ ipv4Address })),
                },
                { parent: this },
            );
        }

        this.zoneName = zone.name;
        this.nameServers = zone.nameServers;
        this.registerOutputs();
    }
}
