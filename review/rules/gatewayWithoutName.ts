import { dnsCacheName } from "../../plan/egress/route/wildcard/dnsCache";
import { fields, list } from "../fields";
import { objectRef } from "../rawObject";
import { generalTls } from "../mesh/effectiveRules";
import { isWildcard } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { Transport, namespacesOfGateway } from "../mesh/transports";
import { isVisible } from "../visibility";
import { ISTIO_NETWORKING } from "../objects/kinds";
import { originates } from "../objects/destinationRule";
import { ServiceEntry } from "../objects/serviceEntry";
import { Rule, RuleFinding, finding } from "../rule";

/** Sidecars may do this; only calls that a route makes at a gateway are looked at. */
export const gatewayWithoutName: Rule = {
    id: "gateway-without-name",
    title: "A gateway originates TLS for a host that it cannot resolve, such as a wildcard without a DNS filter.",
    why: "With NONE, the gateway calls itself in a loop. For DYNAMIC_DNS and wildcards, Istio creates the DNS filter only in sidecars and waypoints.",
    severity: "advisory",
    find: (mesh) => {
        const caches = dnsCaches(mesh);
        return mesh.transports.flatMap((transport) =>
            mesh.entriesByHost.patternsFor(transport.destination.host).flatMap((host) =>
                mesh.entriesByHost
                    .exact(host)
                    .filter((entry) => isUnresolved(caches, entry, host) && originatesFor(mesh, transport, entry))
                    .map((entry) => unresolved(entry, host)),
            ),
        );
    },
};

function isUnresolved(caches: Set<string>, { resolution, ref }: ServiceEntry, host: string): boolean {
    if (isWildcard(host) && resolution === "DYNAMIC_DNS" && caches.has(`${ref.namespace} ${dnsCacheName(host)}`)) {
        return false;
    }
    return isWildcard(host) || resolution === "NONE" || resolution === "DYNAMIC_DNS";
}

/** The DNS caches of wildcards' clusters that EnvoyFilters fill: `namespace name`. */
function dnsCaches({ ofKind }: Mesh): Set<string> {
    return new Set(
        ofKind(ISTIO_NETWORKING, "EnvoyFilter").flatMap((object) =>
            list(fields(object.spec).configPatches)
                .map((patch) => fields(fields(fields(patch).patch).value))
                .map((filter) => fields(fields(filter.typed_config).dns_cache_config))
                .map(({ name }) => `${objectRef(object).namespace} ${String(name)}`),
        ),
    );
}

function originatesFor(
    mesh: Mesh,
    { gateway, destination }: Transport,
    { ref, exportTo, ports }: ServiceEntry,
): boolean {
    return namespacesOfGateway(mesh, gateway)
        .filter((namespace) => isVisible(exportTo, ref.namespace, namespace))
        .some((namespace) => {
            const rules = mesh.rulesFor(namespace, destination.host, ref.namespace);
            return ports.some(({ number }) => originates(generalTls(rules, number, destination.subset)));
        });
}

function unresolved(entry: ServiceEntry, host: string): RuleFinding {
    return finding(
        entry,
        isWildcard(host)
            ? {
                  path: `spec.hosts[${entry.hosts.indexOf(host)}]`,
                  value: host,
                  problem:
                      "is a wildcard, but this gateway has no filter to resolve it and so cannot originate TLS for it",
                  expected: "hosts by name, or resolution DYNAMIC_DNS with an EnvoyFilter for its DNS cache",
                  fix: "List the hosts individually with resolution: DNS, or create an EgressRoute for the wildcard",
              }
            : {
                  path: "spec.resolution",
                  value: entry.resolution,
                  problem: `gives the gateway no address of ${host} for TLS origination`,
                  expected: "DNS or STATIC",
                  fix: "Set resolution: DNS",
              },
    );
}
