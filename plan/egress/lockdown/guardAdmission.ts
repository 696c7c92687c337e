import { GatewayLocation } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";
import { notTheControlPlane } from "./controlPlane";
import { GUARD_LABEL, GUARD_NAME, gatewayGuardName } from "./guard";
import { inClusterPolicyName } from "./inCluster";

/** Kinds of the guards. Their names are reserved for the lockdown, even without the label. */
const GUARD_RESOURCES = ["authorizationpolicies", "ciliumnetworkpolicies", "networkpolicies", "sidecars"];

/**
 * Refuses to create, change or delete the lockdown's own objects, including their subresources, in `namespaces` and in
 * the gateway's namespace. An object counts as a guard if it has the name or the label, before or after the change.
 */
export function guardAdmission(name: string, namespaces: string[], gateway: GatewayLocation): Admission {
    const labelled = (object: string) =>
        `(${object} != null && has(dyn(${object}).metadata.labels) && ${cel(GUARD_LABEL)} in dyn(${object}).metadata.labels)`;
    return admission({
        name,
        namespaces: { operator: "In", values: [...new Set([...namespaces, gateway.namespace])] },
        resourceRules: [
            {
                apiGroups: ["*"],
                apiVersions: ["*"],
                operations: ["CREATE", "UPDATE", "DELETE"],
                resources: ["*/*"],
                scope: "Namespaced",
            },
        ],
        matchConditions: [notAnAdministrator(gateway), notTheControlPlane()],
        variables: [
            { name: "names", expression: cel([GUARD_NAME, gatewayGuardName(gateway), inClusterPolicyName(gateway)]) },
            { name: "kinds", expression: cel(GUARD_RESOURCES) },
        ],
        validations: [
            {
                expression: `!(request.resource.resource in variables.kinds && request.name in variables.names) && !${labelled("object")} && !${labelled("oldObject")}`,
                message: `This object guards the lockdown of egress traffic: only administrators of the egress gateway may create, change or delete it. Use another name, and remove the label ${GUARD_LABEL}.`,
            },
        ],
    });
}

/**
 * Refuses to delete a locked namespace, or to change the labels and annotations that keep it in the mesh and in the
 * lockdown.
 */
export function namespaceAdmission(name: string, namespaces: string[], gateway: GatewayLocation): Admission {
    const guarded = (map: string, object: string) =>
        `(${object} == null ? {} : ${optional(`dyn(${object}).metadata`, map, "{}")})`;
    const kept = (map: string) => {
        const [before, after] = [guarded(map, "oldObject"), guarded(map, "object")];
        return [
            [before, after],
            [after, before],
        ]
            .map(
                ([one, other]) =>
                    `${one}.all(k, !k.matches(${cel(GUARDED_KEYS)}) || k in ${other} && ${one}[k] == ${other}[k])`,
            )
            .join(" && ");
    };
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [
            {
                apiGroups: [""],
                apiVersions: ["v1"],
                operations: ["UPDATE", "DELETE"],
                resources: ["namespaces", "namespaces/*"],
                scope: "Cluster",
            },
        ],
        matchConditions: [notAnAdministrator(gateway), notTheControlPlane()],
        variables: [],
        validations: [
            {
                expression: 'request.operation != "DELETE"',
                message:
                    "A locked namespace cannot be deleted: ask an administrator of the egress gateway to remove it from the lockdown first.",
            },
            {
                expression: `request.operation == "DELETE" || (${kept("labels")} && ${kept("annotations")})`,
                message:
                    "The labels and annotations of Istio, Pod Security and the lockdown cannot be changed on a locked namespace: leave them as they are.",
            },
        ],
    });
}

/** Labels and annotations of a namespace that decide whether its pods are in the mesh and which rights they have. */
const GUARDED_KEYS =
    "(^|[.])istio[.]io/|^istio-injection$|^pod-security[.]kubernetes[.]io/|^mesh-egress/|^kubernetes[.]io/metadata[.]name$";
