import { effectiveTls } from "../effectiveRule";
import { covers, isWildcard } from "../hosts";
import { originates } from "../objects/destinationRule";
import { Rule, finding } from "../rule";
import { gatewayTransports } from "../routing";
import { namespacesOfGateway } from "../scene";

/** Sidecars may do this; only calls that a VirtualService makes at a gateway are looked at. */
export const gatewayWithoutName: Rule = {
    id: "gateway-without-name",
    title: "A gateway originates TLS for a wildcard host, or for one that it cannot resolve.",
    why: "With NONE the gateway calls itself in a loop, and DYNAMIC_DNS and wildcards are resolved in sidecars and waypoints only.",
    find: (scene) => {
        const wildcards = [...scene.callsByHost.keys()].filter(isWildcard);
        return gatewayTransports(scene).flatMap((transport) =>
            [transport.destination.host, ...wildcards.filter((host) => host !== transport.destination.host)]
                .flatMap((host) => scene.callsByHost.get(host) ?? [])
                .filter(
                    ({ namespace, host, port, entry }) =>
                        covers(host, transport.destination.host) &&
                        namespacesOfGateway(scene, transport.gateway).includes(namespace) &&
                        originates(
                            effectiveTls(
                                scene,
                                namespace,
                                transport.destination.host,
                                entry.ref.namespace,
                                port.number,
                                transport.destination.subset,
                            ),
                        ) &&
                        (isWildcard(host) || entry.resolution === "NONE" || entry.resolution === "DYNAMIC_DNS"),
                )
                .map(({ entry, host }) =>
                    finding(
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
                    ),
                ),
        );
    },
};
