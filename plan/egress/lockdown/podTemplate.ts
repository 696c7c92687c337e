import { ResourceRule, Variable, optional } from "./admission";

/** The containers that istiod adds to a pod. */
export const ISTIO_CONTAINERS = ["istio-init", "istio-proxy", "istio-validation"];

const BOTH: ("CREATE" | "UPDATE")[] = ["CREATE", "UPDATE"];

/** Pods, and the kinds that create pods. */
export const POD_RULES: ResourceRule[] = [
    {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: BOTH,
        resources: ["pods", "pods/ephemeralcontainers", "pods/resize"],
    },
    { apiGroups: [""], apiVersions: ["v1"], operations: BOTH, resources: ["replicationcontrollers"] },
    {
        apiGroups: ["apps"],
        apiVersions: ["v1"],
        operations: BOTH,
        resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
    },
    { apiGroups: ["batch"], apiVersions: ["v1"], operations: BOTH, resources: ["cronjobs", "jobs"] },
];

/** Existing objects can still be scaled and deleted, but not changed into something that is refused. */
export const NEW_POD_TEMPLATE = {
    name: "has-a-new-pod-template",
    expression:
        'request.operation == "CREATE" || (request.kind.kind == "Pod" ? ' +
        `${podParts("object")} != ${podParts("oldObject")} : ${template("object")} != ${template("oldObject")})`,
};

/** CEL variables for the parts of a pod or pod template, shared by all rules for pods. */
export const POD_VARIABLES: Variable[] = [
    { name: "isPod", expression: 'request.kind.kind == "Pod"' },
    { name: "template", expression: template("object") },
    { name: "metadata", expression: optional("variables.template", "metadata", "{}") },
    { name: "annotations", expression: optional("variables.metadata", "annotations", "{}") },
    { name: "labels", expression: optional("variables.metadata", "labels", "{}") },
    { name: "spec", expression: "variables.template.spec" },
    { name: "security", expression: optional("variables.spec", "securityContext", "{}") },
    { name: "volumes", expression: optional("variables.spec", "volumes", "[]") },
    { name: "istio", expression: JSON.stringify(ISTIO_CONTAINERS) },
    { name: "ephemeral", expression: optional("variables.spec", "ephemeralContainers", "[]") },
    { name: "init", expression: optional("variables.spec", "initContainers", "[]") },
    {
        name: "all",
        expression: `${optional("variables.spec", "containers", "[]")} + variables.init + variables.ephemeral`,
    },
    { name: "own", expression: "variables.isPod ? variables.all.filter(c, c.name in variables.istio) : []" },
    {
        name: "apps",
        expression: "variables.isPod ? variables.all.filter(c, !(c.name in variables.istio)) : variables.all",
    },
];

function template(object: string): string {
    const spec = `dyn(${object}).spec`;
    return (
        `(request.kind.kind == "Pod" ? dyn(${object}) : ` +
        `request.kind.kind == "CronJob" ? ${spec}.jobTemplate.spec.template : ${spec}.template)`
    );
}

/**
 * The checked parts of a pod. Finalizers and owners are left out, because controllers change them until the pod is
 * deleted.
 */
function podParts(object: string): string {
    const metadata = `dyn(${object}).metadata`;
    const maps = ["labels", "annotations"].map((field) => optional(metadata, field, "{}"));
    return `[dyn(${object}.spec), dyn(${maps[0]}), dyn(${maps[1]})]`;
}
