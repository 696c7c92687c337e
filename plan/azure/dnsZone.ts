import { validateHost } from "../shared/host";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

/** Time to live of records, in seconds. */
export const DEFAULT_TTL_SECONDS = 300;

export interface ZoneOptions {
    zoneName: string;
    hosts: string[];
    ttlSeconds: number;
}

export function validateZone({ zoneName, hosts, ttlSeconds }: ZoneOptions): Violation[] {
    return [
        ...validateHost("zoneName", zoneName),
        ...hosts.flatMap((host, index) => validateRecord(`records[${index}].host`, host, index, zoneName, hosts)),
        ...validateWholeNumber("ttlSeconds", ttlSeconds, "is not a valid time to live", {
            least: 1,
            most: 2_147_483_647,
        }),
    ];
}

function validateRecord(path: string, host: string, index: number, zoneName: string, hosts: string[]): Violation[] {
    const violations = validateHost(path, host);
    if (violations.length > 0) {
        return violations;
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
                  problem: "is a duplicate",
                  expected: "one record per host, with all of its addresses",
                  fix: "Merge the addresses into one record",
              },
          ];
}

/** The record's name inside the zone. `@` is the zone itself. */
export function recordName(host: string, zoneName: string): string {
    return host === zoneName ? "@" : host.slice(0, -(zoneName.length + 1));
}
