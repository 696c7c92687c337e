import { GatewayLocation } from "../../mesh/gateway";

/**
 * True for whoever may not change the gateway. Kubernetes' own authorisation decides who administers egress, so that
 * there is one list of them, and the lockdown can be changed by those who made it.
 */
export function notAnAdministrator({ name, namespace }: GatewayLocation) {
    const resource = `authorizer.group("networking.istio.io").resource("gateways")`;
    return {
        name: "is-not-of-an-egress-administrator",
        expression: `!${resource}.namespace(${JSON.stringify(namespace)}).name(${JSON.stringify(name)}).check("update").allowed()`,
    };
}

/** What administrators of the gateway may do in its namespace: all that a route and its credential are made of. */
export function administratorRules() {
    const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    return [
        { apiGroups: ["networking.istio.io", "security.istio.io"], resources: ["*"], verbs },
        { apiGroups: [""], resources: ["secrets"], verbs },
    ];
}
