import { Admission, Variable, admission, cel, optional } from "./admission";
import { ALLOWED_ISTIO_KEYS, ISTIO_KEY_PATTERN, STATIC_GATEWAY_KEY, STATUS_KEY } from "./istioKeys";

/** User and group of Istio's proxy, whose traffic the redirection leaves alone. */
const PROXY_ID = 1337;

/** The containers that istiod adds to a pod. */
const ISTIO_CONTAINERS = ["istio-init", "istio-proxy", "istio-validation"];

const CREATE: "CREATE"[] = ["CREATE"];
const BOTH: ("CREATE" | "UPDATE")[] = ["CREATE", "UPDATE"];

/** Refuses pods, and what makes pods, that would step around their sidecar. */
export function workloadAdmission(name: string, namespaces: string[], proxyImages: string[]): Admission {
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: CREATE, resources: ["pods"] },
            { apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["pods/ephemeralcontainers"] },
            { apiGroups: [""], apiVersions: ["v1"], operations: BOTH, resources: ["replicationcontrollers"] },
            {
                apiGroups: ["apps"],
                apiVersions: ["v1"],
                operations: BOTH,
                resources: ["daemonsets", "deployments", "replicasets", "statefulsets"],
            },
            { apiGroups: ["batch"], apiVersions: ["v1"], operations: BOTH, resources: ["cronjobs", "jobs"] },
        ],
        // What was there before can still be scaled and cleaned up, but not changed into something that is refused.
        matchConditions: [
            {
                name: "has-a-new-pod-template",
                expression: `request.operation == "CREATE" || ${template("object")} != ${template("oldObject")}`,
            },
        ],
        variables: VARIABLES,
        validations: [
            {
                expression: "variables.keys.size() == 0",
                message: "A label or annotation of Istio changes what the sidecar takes, or what it is: remove it.",
                messageExpression: `${cel("The label or annotation ")} + variables.keys[0] + ${cel(
                    " changes what the sidecar takes, or what it is, and a locked namespace has only one way out: " +
                        "remove it, or set what all sidecars need in the mesh's configuration.",
                )}`,
            },
            {
                expression: `!(${cel(STATIC_GATEWAY_KEY)} in variables.annotations)`,
                message: `The annotation ${STATIC_GATEWAY_KEY} leads past the egress gateway, where NetworkPolicies do not apply: remove it.`,
            },
            {
                expression: "variables.isPod || variables.all.all(c, !(c.name in variables.istio))",
                message: `A container has a name of Istio's own (${ISTIO_CONTAINERS.join(", ")}) and would take the sidecar's place: rename it.`,
            },
            {
                expression: NO_HOST,
                message:
                    "The pod reaches its node (hostNetwork, hostPID, hostIPC or a hostPath volume), and from there everything: remove that.",
            },
            {
                expression: `!variables.isPod || (${WITH_SIDECAR})`,
                message:
                    "The pod has no sidecar of the mesh: let Istio inject one (the namespace needs istio-injection=enabled or istio.io/rev, and the pod no hostNetwork).",
            },
            {
                expression: `!variables.isPod || variables.own.all(c, ${imageAllowed(proxyImages)})`,
                message: "The sidecar's image is not one of the mesh's: remove the image from the pod.",
            },
            {
                expression: `variables.ids.all(id, id != ${PROXY_ID})`,
                message: `User or group ${PROXY_ID} is the sidecar's, whose traffic is not redirected: choose another runAsUser, runAsGroup, fsGroup or supplementalGroups.`,
            },
            {
                expression: `variables.apps.all(c, ${EXPLICIT_USER})`,
                message: `Every container needs a runAsUser other than 0 and a runAsGroup in its own or the pod's securityContext, or the image decides whether it runs as the sidecar's user ${PROXY_ID}: set both.`,
            },
            {
                expression: `variables.apps.all(c, ${NO_PRIVILEGES})`,
                message:
                    "A container could become the sidecar's user or change the redirection: set privileged and allowPrivilegeEscalation to false, drop the capabilities ALL, and add none but NET_BIND_SERVICE.",
            },
        ],
    });
}

function template(object: string): string {
    const spec = `dyn(${object}).spec`;
    return (
        `(request.kind.kind == "Pod" ? dyn(${object}) : ` +
        `request.kind.kind == "CronJob" ? ${spec}.jobTemplate.spec.template : ${spec}.template)`
    );
}

const own = (field: string) => optional("variables.security", field, "null");

/** Keys of a map that Istio reads and a locked pod may not have. */
const refused = (map: string) =>
    `variables.${map}.filter(k, k.matches(${cel(ISTIO_KEY_PATTERN)}) && ` +
    `!(k in variables.allowed && variables.${map}[k].matches(variables.allowed[k])) && ` +
    `!(variables.isPod && k == ${cel(STATUS_KEY)}))`;

const containerId = (field: string) =>
    `variables.apps.filter(c, has(c.securityContext) && has(c.securityContext.${field})).map(c, c.securityContext.${field})`;

const VARIABLES: Variable[] = [
    { name: "isPod", expression: 'request.kind.kind == "Pod"' },
    { name: "template", expression: template("object") },
    { name: "metadata", expression: optional("variables.template", "metadata", "{}") },
    { name: "annotations", expression: optional("variables.metadata", "annotations", "{}") },
    { name: "labels", expression: optional("variables.metadata", "labels", "{}") },
    { name: "allowed", expression: cel(ALLOWED_ISTIO_KEYS) },
    { name: "keys", expression: `${refused("annotations")} + ${refused("labels")}` },
    { name: "spec", expression: "variables.template.spec" },
    { name: "security", expression: optional("variables.spec", "securityContext", "{}") },
    {
        name: "all",
        expression: ["containers", "initContainers", "ephemeralContainers"]
            .map((field) => optional("variables.spec", field, "[]"))
            .join(" + "),
    },
    { name: "istio", expression: cel(ISTIO_CONTAINERS) },
    { name: "own", expression: "variables.isPod ? variables.all.filter(c, c.name in variables.istio) : []" },
    {
        name: "apps",
        expression: "variables.isPod ? variables.all.filter(c, !(c.name in variables.istio)) : variables.all",
    },
    {
        name: "ids",
        expression: [
            `[${["runAsUser", "runAsGroup", "fsGroup"].map(own).join(", ")}]`,
            optional("variables.security", "supplementalGroups", "[]"),
            containerId("runAsUser"),
            containerId("runAsGroup"),
        ].join(" + "),
    },
];

/** The sidecar that istiod makes, running what istiod makes it run. */
const WITH_SIDECAR =
    'variables.own.exists(c, c.name == "istio-proxy") && ' +
    'variables.own.all(c, !has(c.command) && has(c.args) && c.args.size() > 1 && (c.name == "istio-proxy" ? ' +
    'c.args[0] == "proxy" && c.args[1] == "sidecar" : c.args[0] == "istio-iptables"))';

const EXPLICIT_USER =
    "[c, variables.spec].exists(s, has(s.securityContext) && has(s.securityContext.runAsGroup)) && " +
    "(has(c.securityContext) && has(c.securityContext.runAsUser) ? c.securityContext.runAsUser > 0 : " +
    "has(variables.security.runAsUser) && variables.security.runAsUser > 0)";

const NO_PRIVILEGES =
    "has(c.securityContext) && has(c.securityContext.allowPrivilegeEscalation) && " +
    "!c.securityContext.allowPrivilegeEscalation && " +
    "!(has(c.securityContext.privileged) && c.securityContext.privileged) && " +
    "has(c.securityContext.capabilities) && has(c.securityContext.capabilities.drop) && " +
    'c.securityContext.capabilities.drop.exists(d, d == "ALL") && ' +
    '(!has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(a, a == "NET_BIND_SERVICE"))';

const NO_HOST =
    ["hostNetwork", "hostPID", "hostIPC"]
        .map((field) => `!(has(variables.spec.${field}) && variables.spec.${field})`)
        .join(" && ") + ` && ${optional("variables.spec", "volumes", "[]")}.all(v, !has(v.hostPath))`;

function imageAllowed(images: string[]): string {
    if (images.length === 0) {
        return "true";
    }
    // The image itself, with a tag or a digest: not one whose name only begins the same.
    const prefixes = images.flatMap((image) => [`${image}:`, `${image}@`]);
    return `${cel(prefixes)}.exists(p, c.image.startsWith(p))`;
}
