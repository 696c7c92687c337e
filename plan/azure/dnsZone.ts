import { refuseHost } from "../shared/host";
import { Refusal } from "../shared/violation";
import { refuseWholeNumber } from "../shared/wholeNumber";

export interface ZoneRequest {
    zoneName: string;
    hosts: string[];
    ttlSeconds: number;
}

export function refuseZone({ zoneName, hosts, ttlSeconds }: ZoneRequest): Refusal[] {
    return [
        ...refuseHost("zoneName", zoneName),
        ...hosts.flatMap((host, index) => refuseRecord(`records[${index}].host`, host, index, zoneName, hosts)),
        ...refuseWholeNumber("ttlSeconds", ttlSeconds, "is no time to live", { least: 1, most: 2_147_483_647 }),
    ];
}

function refuseRecord(path: string, host: string, index: number, zoneName: string, hosts: string[]): Refusal[] {
    const refusals = refuseHost(path, host);
    if (refusals.length > 0) {
        return refusals;
    }
    if (host !== zoneName && !host.endsWith(`.${zoneName}`)) {
        return [
            {
                path,
                value: host,
                problem: `is not in the zone ${zoneName}`,
                expected: `${zoneName} itself or a name that ends in .${zoneName}`,
                fix: "Correct the host or the zone",
            },
        ];
    }
    return hosts.indexOf(host) === index
        ? []
        : [
              {
                  path,
                  value: host,
                  problem: "is in the list already",
                  expected: "each host once, with all of its addresses",
                  fix: "Put the addresses into one record",
              },
          ];
}

/** The record's name inside of the zone; `@` is the zone itself. */
export function recordName(host: string, zoneName: string): string {
    return host === zoneName ? "@" : host.slice(0, -(zoneName.length + 1));
}
