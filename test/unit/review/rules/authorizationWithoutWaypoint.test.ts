import { gatewayApi } from "../../../support/objects";
import { ruleEdges } from "../../../support/ruleEdges";

const USE = "istio.io/use-waypoint";
const namespace = (labels: object) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: "app", labels } });
const waypoint = gatewayApi("Gateway", "mesh/waypoint", { gatewayClassName: "istio-waypoint", listeners: [] });
const AT = "AuthorizationPolicy app/only-billing spec.targetRefs[0]";

ruleEdges("authorization-without-waypoint", {
    finds: {
        "the old single reference": [
            (page) =>
                page.without("AuthorizationPolicy", "spec.targetRefs").with("AuthorizationPolicy", "spec.targetRef", {
                    group: "networking.istio.io",
                    kind: "ServiceEntry",
                    name: "partner",
                }),
            "AuthorizationPolicy app/only-billing spec.targetRef",
        ],
        "an entry that declines the namespace's waypoint": [
            (page) => page.with("ServiceEntry", "metadata.labels", { [USE]: "none" }).and(namespace({ [USE]: "w" })),
            AT,
        ],
        "it where the set's Namespace has no waypoint, and another one has": [
            (page) => page.and(namespace({}), waypoint),
            AT,
        ],
    },
    takes: {
        "an entry with a waypoint": (page) => page.with("ServiceEntry", "metadata.labels", { [USE]: "w" }),
        "an entry of a namespace with a waypoint": (page) => page.and(namespace({ [USE]: "w" })),
        "a set with waypoints that does not show the namespace": (page) => page.and(waypoint),
        "a policy for an entry that the set does not have": (page) => page.drop("ServiceEntry"),
        "an entry of the same name in another namespace": (page) =>
            page.with("ServiceEntry", "metadata.namespace", "other"),
        "a policy for a service": (page) =>
            page.with("AuthorizationPolicy", "spec.targetRefs", [{ group: "", kind: "Service", name: "partner" }]),
    },
});
