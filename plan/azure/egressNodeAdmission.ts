import { Admission, admission, cel } from "../egress/lockdown/admission";
import { EGRESS_POOL } from "./nodePool";

/** Taint and label of gateway nodes in the documentation of Azure/kube-egress-gateway, which the Istio add-on leaves through. */
const GATEWAY_MODE = "kubeegressgateway.azure.com/mode";
const KEYS = [EGRESS_POOL, GATEWAY_MODE];

/** Namespaces of AKS whose pods run on every node. */
export const NODE_NAMESPACES = ["kube-system", "calico-system", "tigera-operator"];

export interface EgressNodeOptions {
    name: string;
    /** Namespaces whose pods may run on the egress nodes. */
    namespaces: string[];
}

/**
 * Refuses pods that could run on the nodes of the egress pool, whose addresses partners take for the gateway's: by a toleration of
 * their taint or of every taint, by their label, or past the scheduler. Controllers make pods for tenants, so nobody is
 * excepted but namespaces.
 */
export function egressNodeAdmission({ name, namespaces }: EgressNodeOptions): Admission {
    return admission({
        name,
        namespaces: { operator: "NotIn", values: [...new Set(namespaces)].sort() },
        resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["pods"] },
        ],
        matchConditions: [
            {
                // A pod that was there before must remain deletable: that takes updates, too.
                name: "is-new-or-tolerates-more",
                expression:
                    'request.operation == "CREATE" || (has(object.spec.tolerations) && ' +
                    "(!has(oldObject.spec.tolerations) || object.spec.tolerations != oldObject.spec.tolerations))",
            },
        ],
        variables: [
            {
                name: "tolerations",
                expression: "has(object.spec.tolerations) ? object.spec.tolerations : []",
            },
        ],
        validations: [
            {
                expression:
                    `!variables.tolerations.exists(t, (!has(t.key) || t.key == "" || t.key in ${cel(KEYS)}) && ` +
                    '(!has(t.effect) || t.effect in ["", "NoSchedule"]))',
                message: `tolerations: the pod could run on the nodes of the egress gateway. Name the key of each taint, and leave out ${KEYS.join(" and ")}.`,
            },
            {
                expression: `!has(object.spec.nodeSelector) || !object.spec.nodeSelector.exists(key, key in ${cel(KEYS)})`,
                message: `nodeSelector: the nodes with ${KEYS.join(" or ")} are the egress gateway's alone. Remove the label.`,
            },
            {
                expression: 'request.operation != "CREATE" || !has(object.spec.nodeName) || object.spec.nodeName == ""',
                message:
                    "nodeName: the pod would go past the scheduler, also to the nodes of the egress gateway. Use nodeSelector.",
            },
        ],
    });
}
