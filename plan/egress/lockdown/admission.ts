/*
 * ValidatingAdmissionPolicies as the API server takes them, and the little CEL that all of them share.
 */

export interface AdmissionPolicy {
    metadata: { name: string };
    spec: {
        failurePolicy: "Fail";
        paramKind?: { apiVersion: string; kind: string };
        matchConstraints: { resourceRules: ResourceRule[] };
        matchConditions?: Condition[];
        variables: Variable[];
        validations: Validation[];
    };
}

export interface AdmissionBinding {
    metadata: { name: string };
    spec: {
        policyName: string;
        validationActions: ["Deny"];
        paramRef?: { namespace: string; selector: object; parameterNotFoundAction: "Allow" };
        matchResources: { namespaceSelector: { matchExpressions: NamespaceExpression[] } };
    };
}

/** A policy and where it holds. */
export interface Admission {
    policy: AdmissionPolicy;
    binding: AdmissionBinding;
}

export interface ResourceRule {
    apiGroups: string[];
    apiVersions: string[];
    operations: ("CREATE" | "UPDATE" | "DELETE" | "CONNECT")[];
    resources: string[];
    scope?: "Namespaced" | "Cluster";
}

interface Condition {
    name: string;
    expression: string;
}

export interface Variable {
    name: string;
    expression: string;
}

export interface Validation {
    /** CEL; false refuses the object. */
    expression: string;
    message: string;
    /** CEL that makes the message, where it can say more; `message` stands in where that fails. */
    messageExpression?: string;
    reason: "Forbidden";
}

interface NamespaceExpression {
    key: "kubernetes.io/metadata.name";
    operator: "In" | "NotIn";
    values: string[];
}

export interface AdmissionOptions {
    name: string;
    namespaces: { operator: "In" | "NotIn"; values: string[] };
    resourceRules: ResourceRule[];
    matchConditions?: Condition[];
    /** The objects that the policy is evaluated with, one after the other. */
    params?: { apiVersion: string; kind: string; namespace: string };
    variables: Variable[];
    validations: Omit<Validation, "reason">[];
}

export function admission(request: AdmissionOptions): Admission {
    const { name, params, namespaces } = request;
    return {
        policy: {
            metadata: { name },
            spec: {
                failurePolicy: "Fail",
                ...(params && { paramKind: { apiVersion: params.apiVersion, kind: params.kind } }),
                matchConstraints: { resourceRules: request.resourceRules },
                ...(request.matchConditions && { matchConditions: request.matchConditions }),
                variables: request.variables,
                validations: request.validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
            },
        },
        binding: {
            metadata: { name },
            spec: {
                policyName: name,
                validationActions: ["Deny"],
                ...(params && {
                    paramRef: { namespace: params.namespace, selector: {}, parameterNotFoundAction: "Allow" },
                }),
                matchResources: {
                    namespaceSelector: {
                        matchExpressions: [{ key: "kubernetes.io/metadata.name", ...namespaces }],
                    },
                },
            },
        },
    };
}

/** A CEL string or list of strings: JSON's form is one of CEL's. */
export function cel(value: string | string[] | Record<string, string>): string {
    return JSON.stringify(value);
}

/** A field, or what stands for it where the object has none. */
export function optional(object: string, field: string, otherwise: string): string {
    return `(has(${object}.${field}) ? ${object}.${field} : ${otherwise})`;
}
