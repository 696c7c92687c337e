/*
 * ValidatingAdmissionPolicies in the API server's form, and the CEL helpers that they share.
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
    /** CEL that builds a more specific message. The API server uses `message` if the expression fails. */
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
    /** Default: all namespaces, and objects without one. */
    namespaces?: { operator: "In" | "NotIn"; values: string[] };
    resourceRules: ResourceRule[];
    matchConditions?: Condition[];
    /**
     * Parameters of the policy: either all objects of a namespace, each evaluated in turn, or the object of that name
     * in the request's own namespace. Without the latter the request is refused.
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
                    namespaceSelector: namespaces
                        ? { matchExpressions: [{ key: "kubernetes.io/metadata.name", ...namespaces }] }
                        : {},
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
 * The same policy for namespaces with a label. A list of names would change before the namespaces do. With a label, the
 * policy applies to a new namespace from the start, and to one that leaves the lockdown until the label is removed.
 */
export function boundByLabel({ metadata, spec }: AdmissionBinding, label: Record<string, string>): AdmissionBinding {
    return {
        metadata: { name: `${metadata.name}-labelled` },
        spec: { ...spec, matchResources: { namespaceSelector: { matchLabels: label } } },
    };
}

/** A CEL string or list of strings, in JSON syntax, which CEL accepts. */
export function cel(value: string | string[] | Record<string, string | string[]>): string {
    return JSON.stringify(value);
}

/** A field, or `otherwise` if the object does not have it. */
export function optional(object: string, field: string, otherwise: string): string {
    return `(has(${object}.${field}) ? ${object}.${field} : ${otherwise})`;
}
