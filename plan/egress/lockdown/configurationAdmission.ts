import { GatewayLocation } from "../../mesh/gateway";
import { Admission, admission, cel, optional } from "./admission";
import { notAnAdministrator } from "./administrators";
import { ServiceType } from "./serviceType";

const BOTH: ("CREATE" | "UPDATE")[] = ["CREATE", "UPDATE"];
const NAME_LABEL = "kubernetes.io/metadata.name";

/**
 * Refuses NetworkPolicies and Services with which users of a locked namespace could bypass the gateway. Administrators
 * of the gateway may write them.
 */
export function configurationAdmission(
    name: string,
    namespaces: string[],
    gateway: GatewayLocation,
    serviceTypes: ServiceType[],
): Admission {
    const concerns = (resource: string) => `request.resource.resource == ${cel(resource)}`;
    const types = ["ClusterIP", ...serviceTypes];
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [
            {
                apiGroups: ["networking.k8s.io"],
                apiVersions: ["v1"],
                operations: BOTH,
                resources: ["networkpolicies"],
            },
            { apiGroups: [""], apiVersions: ["v1"], operations: BOTH, resources: ["services"] },
        ],
        matchConditions: [notAnAdministrator(gateway), HAS_A_NEW_SPEC],
        variables: [
            { name: "locked", expression: cel(namespaces) },
            { name: "spec", expression: "dyn(object).spec" },
        ],
        validations: [
            {
                expression: `!(${concerns("networkpolicies")}) || ${optional("variables.spec", "egress", "[]")}.all(r, ${TO_LOCKED_PODS})`,
                message:
                    "A NetworkPolicy in a locked namespace may allow egress to pods of locked namespaces only: give every egress rule a `to` with a podSelector, or with a namespaceSelector that matches kubernetes.io/metadata.name.",
            },
            {
                expression: `!(${concerns("services")}) || !has(variables.spec.type) || variables.spec.type != "ExternalName"`,
                message:
                    "A Service of type ExternalName bypasses the gateway: remove it, and call the host of an EgressRoute by its own name.",
            },
            {
                expression: `!(${concerns("services")}) || !has(variables.spec.type) || variables.spec.type in ${cel([...types, "ExternalName"])}`,
                message: `A Service in a locked namespace must have the type ${types.join(" or ")}: set it, or ask an administrator of the egress gateway to add the type to serviceTypes.`,
            },
            {
                expression: `!(${concerns("services")}) || ${optional("variables.spec", "externalIPs", "[]")}.size() == 0`,
                message:
                    "externalIPs redirect the cluster's calls to those addresses, which can be a partner's: remove them, and call the Service by its name.",
            },
        ],
    });
}

/** Existing objects can still be labelled and deleted, but not changed into something that is refused. */
const HAS_A_NEW_SPEC = {
    name: "has-a-new-spec",
    expression: 'request.operation == "CREATE" || dyn(object).spec != dyn(oldObject).spec',
};

const TO_LOCKED_PODS =
    "has(r.to) && r.to.size() > 0 && r.to.all(p, !has(p.ipBlock) && (!has(p.namespaceSelector) || " +
    `has(p.namespaceSelector.matchLabels) && ${cel(NAME_LABEL)} in p.namespaceSelector.matchLabels && ` +
    `p.namespaceSelector.matchLabels[${cel(NAME_LABEL)}] in variables.locked))`;
