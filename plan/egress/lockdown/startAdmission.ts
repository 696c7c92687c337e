import { ISTIO_API_VERSIONS } from "../../shared/kubernetesObject";
import { Admission, admission } from "./admission";
import { GUARD_NAME } from "./guard";

/**
 * Refuses pods in a locked namespace until its NetworkPolicy exists. The policy's parameter is the Sidecar, which is
 * created after the NetworkPolicy. The NetworkPolicy itself cannot be the parameter: for built-in kinds, the API server
 * stops its informer together with the policy and cannot restart it, so a second lockdown would never find a
 * NetworkPolicy.
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
