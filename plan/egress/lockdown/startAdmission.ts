import { ISTIO_API_VERSIONS } from "../../shared/kubernetesObject";
import { Admission, admission } from "./admission";
import { GUARD_NAME } from "./guard";

/**
 * Lets no pod start in a locked namespace before the NetworkPolicy is there that holds its packets back. The parameter is
 * the Sidecar, which is created after it: the API server reads parameters of its own kinds with an informer that it stops
 * with the policy and cannot start again, so a second lockdown would never find a NetworkPolicy.
 */
export function startAdmission(name: string, namespaces: string[]): Admission {
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        params: { apiVersion: ISTIO_API_VERSIONS.Sidecar, kind: "Sidecar", name: GUARD_NAME },
        variables: [],
        validations: [
            {
                expression: "params != null",
                message: `The namespace has no Sidecar ${GUARD_NAME} yet: wait until the lockdown is complete.`,
            },
        ],
    });
}
