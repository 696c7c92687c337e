import { MESH, Route, RouteMatch, VirtualService } from "../objects/virtualService";
import { describeRef } from "../rawObject";
import { Rule, finding } from "../rule";
import { Audiences } from "../visibility";

/**
 * Sidecars take the HTTP routes of one VirtualService for a host and port. A gateway merges them, so there only two
 * routes that both take everything are told. Routes by SNI clash where they name the same SNI.
 */
export const virtualServiceTwice: Rule = {
    id: "virtual-service-twice",
    title: "Two VirtualServices route the same calls.",
    why: "Istio applies the older one and silently ignores the other. Recreating one changes which is older.",
    severity: "advisory",
    find: ({ virtualServices }) => {
        const byHost = new Map<string, Audiences<VirtualService>>();
        return virtualServices
            .filter(({ isExclusive }) => isExclusive)
            .flatMap((service) =>
                service.hosts.flatMap((host, position) => {
                    const before = byHost.get(host) ?? new Audiences<VirtualService>();
                    const first = before.meeting(service).find((other) => other !== service && clash(service, other));
                    byHost.set(host, before);
                    before.add(service);
                    return first
                        ? [
                              finding(service, {
                                  path: `spec.hosts[${position}]`,
                                  value: host,
                                  problem: `is already routed by ${describeRef(first.ref)}, and Istio applies only one of the two`,
                                  expected: "one VirtualService per host",
                                  fix: "Merge both into one, or export them to different namespaces",
                              }),
                          ]
                        : [];
                }),
            );
    },
};

function clash(one: VirtualService, other: VirtualService): boolean {
    return one.routes.some((route) =>
        other.routes.some(
            (second) =>
                route.kind === second.kind &&
                route.matches.some((match) => second.matches.some((with_) => overlap(route, match, with_))),
        ),
    );
}

function overlap({ kind }: Route, one: RouteMatch, other: RouteMatch): boolean {
    const gateways = one.gateways.filter((gateway) => other.gateways.includes(gateway));
    if (one.port !== undefined && other.port !== undefined && one.port !== other.port) {
        return false;
    }
    if (kind === "tls") {
        return gateways.length > 0 && one.sniHosts.some((sni) => other.sniHosts.includes(sni));
    }
    return gateways.some((gateway) => (gateway === MESH && kind === "http") || (!one.isNarrow && !other.isNarrow));
}
