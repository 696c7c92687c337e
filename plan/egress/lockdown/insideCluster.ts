import { isIP } from "node:net";
import { overlaps, parseRange, validateRange } from "../../shared/addressRange";
import { Violation } from "../../shared/violation";
import { serviceNamespace } from "../route/validateTarget";
import { ResolvedLockdown } from "./options";

/** Refuses ranges that have addresses of the cluster's pods and services, among which are those of locked pods. */
export function validateClusterRanges({ clusterRanges, gatewayEgress }: ResolvedLockdown): Violation[] {
    const wrong = clusterRanges.flatMap((range, index) => validateRange(`clusterRanges[${index}]`, range, [4, 6]));
    return [
        ...wrong,
        ...gatewayEgress.flatMap(({ range }, index) => {
            const own = range === undefined ? undefined : clusterRangeOf(range, clusterRanges);
            return own === undefined
                ? []
                : [
                      {
                          path: `gatewayEgress[${index}].range`,
                          value: range,
                          problem: `has addresses of the cluster's own pods or services (${own}), where a locked pod could answer as if it were a partner`,
                          expected: "ranges outside of the cluster",
                          fix: "Name the namespace of the servers instead: { namespace: <name> }",
                      },
                  ];
        }),
    ];
}

/** Refuses a route whose `address` is a service in a locked namespace, or an address of the cluster. */
export function validateRouteAddress(
    path: string,
    address: string | undefined,
    { namespaces, clusterRanges }: ResolvedLockdown,
): Violation[] {
    if (address === undefined || address === "") {
        return [];
    }
    const namespace = serviceNamespace(address);
    if (namespace !== undefined && namespaces.includes(namespace)) {
        return [
            {
                path,
                value: address,
                problem: `is a service in the locked namespace ${namespace}, whose users could answer as if they were the partner`,
                expected: "the partner's DNS name or IP address, or a service in a namespace that is not locked",
                fix: `Move the server to another namespace, or remove ${namespace} from the lockdown`,
            },
        ];
    }
    const own =
        isIP(address) === 0 ? undefined : clusterRangeOf(`${address}/${isIP(address) === 4 ? 32 : 128}`, clusterRanges);
    return own === undefined
        ? []
        : [
              {
                  path,
                  value: address,
                  problem: `is an address of the cluster's own pods or services (${own}), where a locked pod could answer as if it were the partner`,
                  expected: "an address outside of the cluster",
                  fix: "Write the name of the server's service instead: <service>.<namespace>.svc",
              },
          ];
}

/** The cluster's range that has an address of `range`. */
function clusterRangeOf(range: string, clusterRanges: string[]): string | undefined {
    const given = parseRange(range);
    return clusterRanges.find((text) => {
        const own = parseRange(text);
        return given && own && overlaps(given, own);
    });
}
