import * as pulumi from "@pulumi/pulumi";
import { dns } from "../internal/azureNative";
import { DEFAULT_TTL_SECONDS, recordName, validateZone } from "../../plan/azure/dnsZone";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** A host of a zone. */
export interface HostRecord {
    /** The whole name, which is the zone's or ends in it. */
    host: string;
    /** IPv4 addresses of the host. */
    addresses: pulumi.Input<string>[];
}

export interface DnsZoneArgs {
    /** Resource group of the zone. */
    resourceGroupName: pulumi.Input<string>;
    /** Name of the zone. The parent zone must delegate it to the output `nameServers`. */
    zoneName: string;
    /** The hosts. Default: none. */
    records?: HostRecord[];
    /** Time to live of records, in seconds. Default: 300. */
    ttlSeconds?: number;
    /** Tags of the zone. Default: none. */
    tags?: Record<string, pulumi.Input<string>>;
}

/** A public DNS zone with hosts in it. */
export class DnsZone extends pulumi.ComponentResource {
    /** Name of the zone. */
    public readonly zoneName: pulumi.Output<string>;
    /** The name servers that the parent zone must name for it to be found. */
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
