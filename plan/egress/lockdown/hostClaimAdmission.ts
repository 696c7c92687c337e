import { GatewayLocation } from "../../mesh/gateway";
import { ISTIO_API_VERSIONS } from "../../shared/kubernetesObject";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";
import { CLAIMED_NAMES, OVERLAP, concernsMeshOr, normalized } from "./hostNames";

/**
 * Allows only the gateway's own namespace to route calls to an egress host. Egress hosts are the hosts of all
 * ServiceEntries in that namespace, from any stack: each ServiceEntry is a parameter of the policy. The namespaces of
 * other gateways, `sharedHostsWith`, may have the same hosts.
 */
export function hostClaimAdmission(name: string, gateway: GatewayLocation, sharedHostsWith: string[] = []): Admission {
    return admission({
        name,
        namespaces: { operator: "NotIn", values: [gateway.namespace, ...sharedHostsWith] },
        resourceRules: [
            {
                apiGroups: ["networking.istio.io"],
                apiVersions: ["*"],
                operations: ["CREATE", "UPDATE"],
                resources: ["destinationrules", "serviceentries", "virtualservices"],
            },
        ],
        matchConditions: [notAnAdministrator(gateway)],
        params: { apiVersion: ISTIO_API_VERSIONS.ServiceEntry, kind: "ServiceEntry", namespace: gateway.namespace },
        variables: [
            { name: "spec", expression: optional("dyn(object)", "spec", "{}") },
            // A VirtualService for an ingress gateway only does not affect calls inside the mesh.
            {
                name: "concerned",
                expression: `request.resource.resource != "virtualservices" || ${concernsMeshOr(gateway.namespace)}`,
            },
            { name: "claimed", expression: CLAIMED_NAMES },
            { name: "owned", expression: normalized(optional("dyn(params).spec", "hosts", "[]")) },
            {
                name: "taken",
                expression: `variables.concerned ? variables.claimed.filter(h, variables.owned.exists(o, ${OVERLAP})) : []`,
            },
        ],
        validations: [
            {
                expression: "variables.taken.size() == 0",
                message: "The host belongs to an egress gateway: remove it from this object.",
                messageExpression: `${cel("The host ")} + variables.taken[0] + ${cel(
                    ` belongs to the egress gateway ${gateway.namespace}/${gateway.name}, and only the gateway's namespace may route calls to it: ` +
                        "remove it from this object, or ask an administrator of the gateway for a route.",
                )}`,
            },
        ],
    });
}
