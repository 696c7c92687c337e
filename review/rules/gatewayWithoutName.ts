import { generalTls } from "../mesh/effectiveRules";
import { isWildcard } from "../hosts";
import { Mesh } from "../mesh/mesh";
import { Transport, namespacesOfGateway } from "../mesh/transports";
import { isVisible } from "../visibility";
import { originates } from "../objects/destinationRule";
import { ServiceEntry } from "../objects/serviceEntry";
import { Rule, RuleFinding, finding } from "../rule";

/** Sidecars may do this; only calls that a route makes at a gateway are looked at. */
export const gatewayWithoutName: Rule = {
    id: "gateway-without-name",
    title: "A gateway originates TLS for a wildcard host, or for one that it cannot resolve.",
    why: "With NONE the gateway calls itself in a loop, and DYNAMIC_DNS and wildcards are resolved in sidecars and waypoints only.",
    severity: "advisory",
    find: (mesh) =>
        mesh.transports.flatMap((transport) =>
            mesh.entriesByHost.patternsFor(transport.destination.host).flatMap((host) =>
                mesh.entriesByHost
                    .exact(host)
                    .filter((entry) => isUnresolved(entry, host) && originatesFor(mesh, transport, entry))
                    .map((entry) => unresolved(entry, host)),
            ),
        ),
};

function isUnresolved({ resolution }: ServiceEntry, host: string): boolean {
    return isWildcard(host) || resolution === "NONE" || resolution === "DYNAMIC_DNS";
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
                  problem: "is a wildcard, and a gateway cannot originate TLS for one",
                  expected: "hosts by name",
                  fix: "List the hosts one by one, with resolution: DNS",
              }
            : {
                  path: "spec.resolution",
                  value: entry.resolution,
                  problem: `leaves the gateway without an address of ${host} to originate TLS to`,
                  expected: "DNS or STATIC",
                  fix: "Set resolution: DNS",
              },
    );
}
