import { Fields, fields, list, text, texts } from "../fields";
import { ISTIO_NETWORKING } from "../objects/kinds";
import { objectRef } from "../rawObject";
import { Rule, finding } from "../rule";

type Place = [path: string, host: string];

/**
 * Where Istio compares names as they are written. The hosts of a VirtualService are not told: Istio reads those in lower
 * case, and so do the other rules.
 */
const PLACES: [kind: string, places: (spec: Fields) => Place[]][] = [
    [
        "ServiceEntry",
        (spec) => texts(spec.hosts).flatMap((host, index) => inCapitals(host, () => `spec.hosts[${index}]`)),
    ],
    ["DestinationRule", (spec) => inCapitals(text(spec.host), () => "spec.host")],
    ["VirtualService", (spec) => ["http", "tls", "tcp"].flatMap((kind) => ofRoutes(spec, kind))],
];

export const hostInCapitals: Rule = {
    id: "host-in-capitals",
    title: "A host has capital letters where Istio and Envoy compare host names case-sensitively.",
    why: "Istio and Envoy use the host in lower case elsewhere: routes have an unknown destination, and rules are not applied.",
    severity: "mandatory",
    find: ({ ofKind }) =>
        PLACES.flatMap(([kind, places]) =>
            ofKind(ISTIO_NETWORKING, kind).flatMap((object) =>
                places(fields(object.spec)).map(([path, host]) =>
                    finding(
                        { ref: objectRef(object) },
                        {
                            path,
                            value: host,
                            problem: "has capital letters, but is compared case-sensitively",
                            expected: "a host in lower case",
                            fix: `Write ${JSON.stringify(host.toLowerCase())}`,
                        },
                    ),
                ),
            ),
        ),
};

function inCapitals(host: string | undefined, path: () => string): Place[] {
    return host !== undefined && /[A-Z]/.test(host) ? [[path(), host]] : NOWHERE;
}

const NOWHERE: Place[] = [];

function ofRoutes(spec: Fields, kind: string): Place[] {
    return list(spec[kind]).flatMap((value, index): Place[] => {
        const route = fields(value);
        return [
            ...list(route.match).flatMap((match, position) =>
                texts(fields(match).sniHosts).flatMap((host, at) =>
                    inCapitals(host, () => `spec.${kind}[${index}].match[${position}].sniHosts[${at}]`),
                ),
            ),
            ...list(route.route).flatMap((to, position) =>
                inCapitals(
                    text(fields(fields(to).destination).host),
                    () => `spec.${kind}[${index}].route[${position}].destination.host`,
                ),
            ),
        ];
    });
}
