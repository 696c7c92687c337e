import { Admission, Variable, admission, cel, optional } from "./admission";
import { agentKeys, agentValidation } from "./agentAnnotations";
import { resourceValidation } from "./extendedResources";
import { INJECTED_VALIDATIONS, INJECTED_VARIABLES } from "./injectedContainers";
import { ALLOWED_ISTIO_KEYS, ISTIO_KEY_PATTERN, STATIC_GATEWAY_KEY, STATUS_KEY } from "./istioKeys";
import { FIELD_VALIDATIONS, FIELD_VARIABLES } from "./podFields";
import { imageValidation, proxyImageValidation } from "./podImages";
import { ISTIO_CONTAINERS, NEW_POD_TEMPLATE, POD_RULES, POD_VARIABLES } from "./podTemplate";
import { runtimeClassValidation } from "./runtimeClasses";

/** The controller of Jobs in the cluster itself. */
const JOB_CONTROLLER = "kubernetes.io/job-controller";

/** User and group of Istio's proxy, whose traffic is not redirected. */
const PROXY_ID = 1337;

export interface WorkloadRules {
    /** Prefixes of the images that pods may use. */
    imageRegistries: string[];
    /** Images that pods may use, including tag and digest. */
    images: string[];
    /** Images that sidecars may use, without tag or digest. */
    proxyImages: string[];
    /** Beginnings of agents' annotations that pods may have. */
    allowedAnnotations: string[];
    /** Extended resources that pods may request in addition to ordinary ones. */
    allowedResources: string[];
    /** RuntimeClasses that pods may have. */
    allowedRuntimeClasses: string[];
}

/**
 * Refuses pods and pod templates that would bypass their sidecar, or that make another component call an address for
 * them.
 */
export function workloadAdmission(name: string, namespaces: string[], rules: WorkloadRules): Admission {
    return admission({
        name,
        namespaces: { operator: "In", values: namespaces },
        resourceRules: POD_RULES,
        matchConditions: [NEW_POD_TEMPLATE],
        variables: [
            ...POD_VARIABLES,
            ...VARIABLES,
            ...FIELD_VARIABLES,
            ...INJECTED_VARIABLES,
            {
                name: "agentKeys",
                expression: ["annotations", "labels"]
                    .map((map) => agentKeys(`variables.${map}`, rules.allowedAnnotations))
                    .join(" + "),
            },
        ],
        validations: [
            {
                expression: "variables.keys.size() == 0",
                message: "A label or annotation of Istio changes the sidecar or excludes traffic from it: remove it.",
                messageExpression: `${cel("The label or annotation ")} + variables.keys[0] + ${cel(
                    " changes the sidecar or excludes traffic from it, which could bypass the egress gateway: " +
                        "remove it, or set what all sidecars need in the mesh's configuration.",
                )}`,
            },
            {
                expression: `!(${cel(STATIC_GATEWAY_KEY)} in variables.annotations)`,
                message: `The annotation ${STATIC_GATEWAY_KEY} bypasses the egress gateway, where NetworkPolicies do not apply: remove it.`,
            },
            {
                expression: "variables.isPod || variables.all.all(c, !(c.name in variables.istio))",
                message: `A container has a name that is reserved for Istio's containers (${ISTIO_CONTAINERS.join(", ")}): rename it.`,
            },
            {
                expression: NO_HOST,
                message:
                    "The pod has access to its node (hostNetwork, hostPID, hostIPC or a hostPath volume) and could bypass the gateway from there: remove that field.",
            },
            {
                expression: `!variables.isPod || variables.own.exists(c, c.name == "istio-proxy")`,
                message:
                    "The pod has no sidecar: let Istio inject one (the namespace needs istio-injection=enabled or istio.io/rev, and the pod must not use hostNetwork).",
            },
            {
                expression: `!variables.isPod || ${cel(STATUS_KEY)} in variables.annotations`,
                message: `Without the annotation ${STATUS_KEY}, Istio's CNI plugin does not redirect the pod's traffic: leave it as Istio has set it.`,
            },
            {
                expression:
                    `!(request.kind.kind in ["Job", "CronJob"]) || [request.kind.kind == "Job" ? dyn(object).spec : dyn(object).spec.jobTemplate.spec]` +
                    `.all(job, !has(job.managedBy) || job.managedBy == ${cel(JOB_CONTROLLER)})`,
                message:
                    "Another controller could run this Job in another cluster, where nothing is locked: remove managedBy.",
            },
            proxyImageValidation(rules.proxyImages),
            {
                expression: `variables.ids.all(id, id != ${PROXY_ID})`,
                message: `User or group ${PROXY_ID} is the sidecar's, whose traffic is not redirected: choose another runAsUser, runAsGroup, fsGroup or supplementalGroups.`,
            },
            {
                expression: `variables.apps.all(c, ${EXPLICIT_USER})`,
                message: `A container has no runAsUser other than 0 or no runAsGroup, so its image could make it run as the sidecar's user ${PROXY_ID}: set both in its own or the pod's securityContext.`,
            },
            {
                expression: `variables.apps.all(c, ${NO_PRIVILEGES})`,
                message:
                    "A container could become the sidecar's user or change the redirection: set privileged and allowPrivilegeEscalation to false, drop ALL capabilities, and add none except NET_BIND_SERVICE.",
            },
            ...INJECTED_VALIDATIONS,
            ...FIELD_VALIDATIONS,
            agentValidation("variables.agentKeys"),
            resourceValidation(rules.allowedResources),
            runtimeClassValidation(rules.allowedRuntimeClasses),
            imageValidation(rules.imageRegistries, rules.images),
        ],
    });
}

const own = (field: string) => optional("variables.security", field, "null");

/** Keys that Istio reads and a locked pod may not have. */
const refused = (map: string) =>
    `variables.${map}.filter(k, k.matches(${cel(ISTIO_KEY_PATTERN)}) && ` +
    `!(k in variables.allowed && variables.${map}[k].matches(variables.allowed[k])) && ` +
    `!(variables.isPod && k == ${cel(STATUS_KEY)}))`;

const containerId = (field: string) =>
    `variables.apps.filter(c, has(c.securityContext) && has(c.securityContext.${field})).map(c, c.securityContext.${field})`;

const VARIABLES: Variable[] = [
    { name: "allowed", expression: cel(ALLOWED_ISTIO_KEYS) },
    { name: "keys", expression: `${refused("annotations")} + ${refused("labels")}` },
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
