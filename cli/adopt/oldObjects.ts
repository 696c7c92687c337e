import { fields, list, texts } from "../../review/fields";
import { groupBy } from "../../review/groupBy";
import { fullHost } from "../../review/hosts";
import { MESH, VirtualService } from "../../review/objects/virtualService";
import { ObjectRef, RawObject, Viewed, objectRef } from "../../review/rawObject";
import { AdoptedRoute, OldObjects } from "./adoption";
import { Layout, refKey } from "./layout";
import { Way } from "./ways";

export interface Adopted {
    way: Way;
    route: AdoptedRoute;
    policies: RawObject[];
    /** As `namespace/name`. */
    secrets: string[];
}

/** What the program replaces, without what hosts that are not adopted still need. */
export function oldObjects(layout: Layout, adopted: Adopted[], newNamespace: string): OldObjects {
    const hosts = new Set(adopted.map(({ way }) => way.host));
    const all = unique(adopted.flatMap(({ way }) => way.uses)).filter((one) => isOnlyFor(layout, one, hosts));
    const byRoute = groupBy(adopted, ({ way }) => way.through?.meshRoute.ref);
    const byEntry = groupBy(adopted, ({ way }) => way.entry?.ref);
    const ways = all.filter(({ ref }) => ref.kind === "VirtualService" && byRoute.has(ref));
    const entries = all.filter(({ ref }) => ref.kind === "ServiceEntry");
    const policies = unique(
        adopted.flatMap((one) => one.policies.map((policy) => ({ ref: objectRef(policy) }))),
    ).filter((one) => isOnlyFor(layout, one, hosts));
    const others = new Set([...ways, ...entries]);
    const rest = all.filter((one) => !others.has(one));
    return {
        ways: ways.map(({ ref }) => {
            const own = byRoute.get(ref) ?? [];
            return {
                object: ref,
                exportTo: own[0]?.way.through?.meshRoute.exportTo ?? [],
                gateways: texts(fields(layout.raw.get(refKey(ref))?.spec).gateways).filter((name) => name !== MESH),
                mustSee: [
                    ...new Set([
                        ...own.flatMap(({ way }) => way.through?.service.namespace ?? []),
                        ...own.flatMap(({ route }) => route.allowFrom.map(({ namespace }) => namespace)),
                    ]),
                ].filter((namespace) => namespace !== ref.namespace && namespace !== newNamespace),
            };
        }),
        entries: entries.map(({ ref }) => ({ object: ref, ports: neededPorts(layout, ref, byEntry.get(ref) ?? []) })),
        gateways: [
            ...new Map(
                adopted.flatMap(({ way }) =>
                    way.through
                        ? [
                              [
                                  `${way.through.service.namespace}/${way.through.service.name}`,
                                  way.through.service,
                              ] as const,
                          ]
                        : [],
                ),
            ).values(),
        ],
        rest: [
            ...rest.map(({ ref }) => ref),
            ...policies.map(({ ref }) => ref),
            ...[...new Set(adopted.flatMap(({ secrets }) => secrets))].map((secret): ObjectRef => {
                const [namespace, name] = secret.split("/");
                return { apiVersion: "v1", kind: "Secret", namespace, name };
            }),
        ],
    };
}

/** Whether an object is about adopted hosts and nothing else. */
function isOnlyFor({ raw, routesByGateway, routesByTarget }: Layout, { ref }: Viewed, hosts: Set<string>): boolean {
    const spec = fields(raw.get(refKey(ref))?.spec);
    const isFree = (users: VirtualService[]) => users.every((one) => one.hosts.every((host) => hosts.has(host)));
    switch (ref.kind) {
        case "ServiceEntry":
        case "VirtualService":
            return list(spec.hosts).every((host) => hosts.has(String(host)));
        case "Gateway":
            return (
                isFree(routesByGateway.get(`${ref.namespace}/${ref.name}`) ?? []) &&
                list(spec.servers).every((server) =>
                    list(fields(server).hosts).every((host) => hosts.has(String(host).replace(/^[^/]*\//, ""))),
                )
            );
        case "DestinationRule":
            return (
                !String(spec.host).startsWith("*") &&
                isFree(routesByTarget.get(fullHost(String(spec.host), ref.namespace)) ?? [])
            );
        case "AuthorizationPolicy":
            return (
                list(spec.rules).length > 0 &&
                policyHosts(spec).every((host) => hosts.has(host)) &&
                policyHosts(spec).length > 0
            );
        default:
            return false;
    }
}

function policyHosts(spec: Record<string, unknown>): string[] {
    return list(spec.rules)
        .flatMap((rule) => [
            ...list(fields(rule).to).flatMap((one) => list(fields(fields(one).operation).hosts)),
            ...list(fields(rule).when).flatMap((one) => list(fields(one).values)),
        ])
        .map((host) => String(host).replace(/:(\d+|\*)$/, ""));
}

/**
 * The ports with what the new gateway calls added: of two entries for one host Istio takes the older, in every proxy.
 * Undefined where the entry has it already.
 */
function neededPorts({ raw }: Layout, ref: ObjectRef, adopted: Adopted[]): unknown[] | undefined {
    const own = adopted.filter(({ way }) => way.through !== undefined);
    const ports = list(fields(raw.get(refKey(ref))?.spec).ports).map(fields);
    let isChanged = false;
    for (const { way } of own) {
        const number = way.isTls ? 443 : 80;
        const { targetPort } = way.port;
        const known = ports.find((port) => port.number === number);
        if (known === undefined) {
            ports.push({
                number,
                name: way.isTls ? "tls-mesh-egress" : "http-mesh-egress",
                protocol: way.isTls ? "TLS" : "HTTP",
                targetPort,
            });
            isChanged = true;
        } else if ((known.targetPort ?? known.number) !== targetPort) {
            ports[ports.indexOf(known)] = { ...known, targetPort };
            isChanged = true;
        }
    }
    return isChanged ? ports : undefined;
}

function unique(all: Viewed[]): Viewed[] {
    return [...new Map(all.map((one) => [refKey(one.ref), one])).values()];
}
