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
        paramRef?: ParamRef;
        matchResources: { namespaceSelector: NamespaceSelector };
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

interface NamespaceSelector {
    matchExpressions?: { key: "kubernetes.io/metadata.name"; operator: "In" | "NotIn"; values: string[] }[];
    matchLabels?: Record<string, string>;
}

interface ParamRef {
    namespace?: string;
    name?: string;
    selector?: object;
    parameterNotFoundAction: "Allow" | "Deny";
}

export interface AdmissionOptions {
    name: string;
    namespaces: { operator: "In" | "NotIn"; values: string[] };
    resourceRules: ResourceRule[];
    matchConditions?: Condition[];
    /**
     * The objects that the policy is evaluated with, one after the other: all of a namespace, or the one of that name in
     * the request's own namespace, without which the request is refused.
     */
    params?: { apiVersion: string; kind: string } & ({ namespace: string } | { name: string });
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
                ...(params && { paramRef: paramRef(params) }),
                matchResources: {
                    namespaceSelector: {
                        matchExpressions: [{ key: "kubernetes.io/metadata.name", ...namespaces }],
                    },
                },
            },
        },
    };
}

function paramRef(params: { namespace: string } | { name: string }): ParamRef {
    return "name" in params
        ? { name: params.name, parameterNotFoundAction: "Deny" }
        : { namespace: params.namespace, selector: {}, parameterNotFoundAction: "Allow" };
}

/**
 * The same policy for namespaces with a label. A list of names changes before the namespaces do; by the label, the policy
 * holds in a new namespace from its first moment, and in one that leaves the lockdown until it is gone.
 */
export function boundByLabel({ metadata, spec }: AdmissionBinding, label: Record<string, string>): AdmissionBinding {
    return {
        metadata: { name: `${metadata.name}-labelled` },
        spec: { ...spec, matchResources: { namespaceSelector: { matchLabels: label } } },
    };
}

/** A CEL string or list of strings: JSON's form is one of CEL's. */
export function cel(value: string | string[] | Record<string, string | string[]>): string {
    return JSON.stringify(value);
}

/** A field, or what stands for it where the object has none. */
export function optional(object: string, field: string, otherwise: string): string {
    return `(has(${object}.${field}) ? ${object}.${field} : ${otherwise})`;
}
