import { GatewayLocation } from "../../mesh/gateway";

/**
 * True for users who may not change the gateway. Kubernetes' own authorization decides who administers egress. So there
 * is only one list of administrators, and whoever created the lockdown can change it.
 */
export function notAnAdministrator({ name, namespace }: GatewayLocation) {
    const resource = `authorizer.group("networking.istio.io").resource("gateways")`;
    return {
        name: "is-not-of-an-egress-administrator",
        expression: `!${resource}.namespace(${JSON.stringify(namespace)}).name(${JSON.stringify(name)}).check("update").allowed()`,
    };
}

/** Rights of administrators in the gateway's namespace: on every object that a route and its credential consist of. */
export function administratorRules() {
    const verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    return [
        { apiGroups: ["networking.istio.io", "security.istio.io"], resources: ["*"], verbs },
        { apiGroups: [""], resources: ["secrets"], verbs },
    ];
}
