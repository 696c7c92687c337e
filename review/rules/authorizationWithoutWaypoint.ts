import { GATEWAY_API, ISTIO_NETWORKING } from "../objects/kinds";
import { gatewayClass, isWaypointClass } from "../objects/gatewayApi";
import { Rule, finding } from "../rule";

/** Silent where the entry or its namespace is labelled for a waypoint, and in a set that has a waypoint or an ambient namespace. */
export const authorizationWithoutWaypoint: Rule = {
    id: "authorization-without-waypoint",
    title: "An AuthorizationPolicy targets a ServiceEntry that has no waypoint.",
    why: "Sidecars and egress gateways ignore such a policy: nothing enforces it, and every workload may call the host.",
    severity: "mandatory",
    find: (mesh) => {
        const entries = new Map(
            mesh.serviceEntries.map((entry) => [`${entry.ref.namespace}/${entry.ref.name}`, entry]),
        );
        const hasWaypoints =
            mesh.namespaces.ambient().length > 0 ||
            mesh.ofKind(GATEWAY_API, "Gateway").some((object) => isWaypointClass(gatewayClass(object)));
        return mesh.authorizationPolicies.flatMap((policy) =>
            policy.targets
                .filter(({ group, kind }) => group === ISTIO_NETWORKING && kind === "ServiceEntry")
                .filter(({ name }) => {
                    const entry = entries.get(`${policy.ref.namespace}/${name}`);
                    const labels = entry?.labels ?? {};
                    const isSaid = mesh.namespaces.waypointNamespace(labels, policy.ref.namespace) !== undefined;
                    const mayBeSaid = hasWaypoints && !mesh.namespaces.isKnown(policy.ref.namespace);
                    return entry !== undefined && !isSaid && !mayBeSaid;
                })
                .map(({ name, path }) =>
                    finding(policy, {
                        path,
                        value: name,
                        problem: "is a ServiceEntry without a waypoint, and only waypoints enforce such a policy",
                        expected:
                            "an egress gateway and a policy that selects its pods, or an entry with the label istio.io/use-waypoint",
                        fix: "Route the host through an egress gateway, and select the gateway's pods in its namespace",
                    }),
                ),
        );
    },
};
