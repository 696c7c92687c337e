import { Admission, admission } from "./admission";
import { GUARD_NAME } from "./guard";

/** Lets no pod start in a locked namespace before the NetworkPolicy is there that holds its packets back. */
export function startAdmission(name: string, namespaces: string[]): Admission {
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        params: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", name: GUARD_NAME },
        variables: [],
        validations: [
            {
                expression: "params != null",
                message: `The namespace has no NetworkPolicy ${GUARD_NAME} yet: wait until the lockdown is complete.`,
            },
        ],
    });
}
