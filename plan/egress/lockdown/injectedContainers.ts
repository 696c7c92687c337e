import { Validation, Variable, cel, optional } from "./admission";

/*
 * istiod merges the fields that a pod sets for the containers istio-proxy, istio-init and istio-validation into those
 * that it injects. A pod may also claim that it has already been injected. A name therefore proves nothing: every field
 * of these containers is compared with the result of injection
 * (manifests/charts/istio-control/istio-discovery/files/injection-template.yaml of Istio 1.31).
 */

const words = (text: string) => text.trim().split(/\s+/);

const FIELDS = words(`
    args env image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resources restartPolicy securityContext
    startupProbe terminationMessagePath terminationMessagePolicy volumeMounts
`);

const SECURITY_FIELDS = words(`
    allowPrivilegeEscalation capabilities privileged readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser
    seccompProfile
`);

const MOUNTS: Record<string, string[]> = {
    "/etc/istio/pod": ["istio-podinfo"],
    "/etc/istio/proxy": ["istio-envoy"],
    "/var/lib/istio/data": ["istio-data"],
    "/var/run/secrets/credential-uds": ["credential-socket"],
    "/var/run/secrets/istio": ["istiod-ca-cert"],
    "/var/run/secrets/istio/crl": ["istio-ca-crl"],
    "/var/run/secrets/tokens": ["istio-token"],
    "/var/run/secrets/workload-spiffe-credentials": ["workload-certs"],
    "/var/run/secrets/workload-spiffe-uds": ["workload-socket"],
};

/** Mount path of the Kubernetes API token. */
const TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The API server gives the token's volume a name with this beginning. It takes a volume of the pod's author instead if
 * one has such a name, so its sources are compared too. OpenShift adds a ConfigMap.
 */
const TOKEN_VOLUME =
    'v.name.startsWith("kube-api-access-") && has(v.projected) && has(v.projected.sources) && v.projected.sources.all(s, ' +
    'has(s.serviceAccountToken) || has(s.configMap) && s.configMap.name in ["kube-root-ca.crt", "openshift-service-ca.crt"] || ' +
    'has(s.downwardAPI) && s.downwardAPI.items.all(i, has(i.fieldRef) && i.fieldRef.fieldPath == "metadata.namespace"))';

/** Volumes of the sidecar by the type that they have after injection. */
const VOLUME_TYPES: Record<string, string[]> = {
    configMap: ["istio-ca-crl"],
    downwardAPI: ["istio-podinfo"],
    emptyDir: words("credential-socket istio-data istio-envoy workload-certs workload-socket"),
    projected: ["istio-token"],
};

/** Volumes of the sidecar alone. In one of them an application could change what its sidecar does. */
const SIDECAR_VOLUMES = [...new Set(Object.values(MOUNTS).flat())].sort();

const ENVIRONMENT =
    "^(CA_ADDR|COMPLIANCE_POLICY|GODEBUG|GOMAXPROCS|GOMEMLIMIT|HOST_IP|INSTANCE_IP|ISTIO_CPU_LIMIT|ISTIO_KUBE_APP_PROBERS|" +
    "ISTIO_META_[A-Z_]+|ISTIO_PROMETHEUS_ANNOTATIONS|OTEL_RESOURCE_ATTRIBUTES|PILOT_CERT_PROVIDER|POD_NAME|POD_NAMESPACE|" +
    "EXIT_ON_ZERO_ACTIVE_CONNECTIONS|MINIMUM_DRAIN_DURATION|PROXY_CONFIG|REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION|" +
    "SERVICE_ACCOUNT|TRUST_DOMAIN)$";

/** JSON without escapes, so that a regular expression can read its keys. */
const PLAIN_JSON = '^([ \\t\\r\\n{}\\[\\]:,]|"[^"\\\\]*"|true|false|null|-?[0-9.]+)*$';
/** Proxy settings that name a program to run, a file to read at start, or no authentication of the control plane. */
const PROGRAM_KEYS =
    "binaryPath binary_path configPath config_path customConfigFile custom_config_file proxyBootstrapTemplatePath " +
    "proxy_bootstrap_template_path readinessProbe readiness_probe privateKeyProvider private_key_provider " +
    "controlPlaneAuthPolicy control_plane_auth_policy";

/** The port on which the sidecar's agent asks for its certificate in plaintext, of whoever answers there. */
const PLAINTEXT_PORT = ":15010";

const SIDECAR_ARGUMENT =
    "^(proxy|sidecar|--domain|[$][(]POD_NAMESPACE[)][.]svc[.][a-z0-9.-]+|--concurrency|[0-9]+|--log_as_json|" +
    "--(proxyLogLevel|proxyComponentLogLevel|log_output_level|stsPort|concurrency)=[A-Za-z0-9,:._-]*)$";

/** Arguments that redirect all addresses to the proxy, except the proxy's own ports. One argument per line. */
const IPTABLES_ARGUMENTS =
    "^istio-iptables\n-p\n[0-9]+\n-z\n[0-9]+\n-u\n[0-9]+\n-m\nREDIRECT\n-i\n[*]\n-x\n\n-b\n[*]\n-d\n" +
    "(15020|15021|15090|,)*(\n--log_output_level=[A-Za-z0-9,:._-]*)?(\n--log_as_json)?(\n--run-validation\n--skip-rule-apply)?" +
    "(\n--force-apply)?(\n--native-nftables)?$";

const HOOK_COMMAND = "^(pilot-agent|wait|request|POST|drain|--debug-port=[0-9]+)$";
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
const PROBE_FIELDS = words(`
    failureThreshold httpGet initialDelaySeconds periodSeconds successThreshold timeoutSeconds
`);

const NOT_INJECTED =
    "differs from Istio's injection: remove that container and the annotation sidecar.istio.io/status from the pod, and let Istio inject its own.";

const refuse = (part: string, expression: string): Omit<Validation, "reason"> => ({
    expression: `variables.own.all(c, ${expression})`,
    message: `The ${part} of a container named as one of Istio's ${NOT_INJECTED}`,
});

const isProxy = 'c.name == "istio-proxy"';

export const INJECTED_VARIABLES: Variable[] = [
    { name: "ownFields", expression: cel(FIELDS) },
    { name: "mounts", expression: cel(MOUNTS) },
    { name: "tokenVolumes", expression: `variables.volumes.filter(v, ${TOKEN_VOLUME}).map(v, v.name)` },
    { name: "proxies", expression: `variables.own.filter(c, ${isProxy})` },
    { name: "programKeys", expression: cel(words(PROGRAM_KEYS).map((key) => `"${key}"`)) },
];

const PROXY_CONFIG =
    `e.name != "PROXY_CONFIG" || has(e.value) && e.value.matches(${cel(PLAIN_JSON)}) && ` +
    "variables.programKeys.all(k, !e.value.contains(k))";

/** The sidecar believes who answers at these addresses without a certificate. */
const AUTHENTICATED = `!(e.name in ["CA_ADDR", "PROXY_CONFIG"]) || has(e.value) && !e.value.contains(${cel(PLAINTEXT_PORT)})`;

/**
 * The kubelet replaces `$(NAME)` after admission, so the text that is checked here would not be the one that counts. Only
 * the variables that Istio's own texts refer to (`--domain`, OTEL_RESOURCE_ATTRIBUTES, a tracer on the node) may be
 * there, and these must be what Kubernetes says of the pod.
 */
const UNCHANGED =
    '(!has(e.value) || !e.value.replace("$(HOST_IP)", "").replace("$(POD_NAME)", "").contains("$(")) && ' +
    '(!(e.name in ["HOST_IP", "POD_NAME", "POD_NAMESPACE"]) || has(e.valueFrom))';

/** Who vouches for the control plane: the mesh's own authority. The others would be files, or nobody. */
const VOUCHED = 'e.name != "PILOT_CERT_PROVIDER" || has(e.value) && e.value == "istiod"';

/** What Istio's injection lets Kubernetes fill in. An annotation would be a text of the pod's author. */
const FIELD_PATHS = words(`
    metadata.name metadata.namespace spec.nodeName spec.serviceAccountName status.hostIP status.podIP
`);
const FROM_THE_POD =
    '!has(e.valueFrom) || e.valueFrom.all(k, k in ["fieldRef", "resourceFieldRef"]) && ' +
    `(!has(e.valueFrom.fieldRef) || e.valueFrom.fieldRef.fieldPath in ${cel(FIELD_PATHS)})`;

/** Of every container: its own user or group, and what it has of the pod if it has none. */
const identities = (field: string) =>
    `${optional("variables.security", field, "null")} == proxy.securityContext.${field} || ` +
    `variables.apps.exists(c, has(c.securityContext) && has(c.securityContext.${field}) && c.securityContext.${field} == proxy.securityContext.${field})`;

export const INJECTED_VALIDATIONS: Omit<Validation, "reason">[] = [
    {
        expression:
            "!variables.isPod || variables.ephemeral.all(c, !(c.name in variables.istio)) && " +
            'variables.own.all(c, c.name == "istio-proxy" || variables.init.exists(i, i.name == c.name))',
        message:
            "A container has a name that is reserved for Istio's containers, in a place where Istio injects none: rename it.",
    },
    refuse("fields", "c.all(k, k in variables.ownFields)"),
    refuse(
        "command or arguments",
        `has(c.args) && c.args.size() > 1 && (${isProxy} ? c.args[0] == "proxy" && c.args[1] == "sidecar" && ` +
            `c.args.all(a, a.matches(${cel(SIDECAR_ARGUMENT)})) : c.args.join("\\n").matches(${cel(IPTABLES_ARGUMENTS)}))`,
    ),
    refuse(
        "securityContext",
        `has(c.securityContext) && c.securityContext.all(k, k in ${cel(SECURITY_FIELDS)}) && ` +
            "has(c.securityContext.allowPrivilegeEscalation) && !c.securityContext.allowPrivilegeEscalation && " +
            "!(has(c.securityContext.privileged) && c.securityContext.privileged) && " +
            "has(c.securityContext.capabilities) && has(c.securityContext.capabilities.drop) && " +
            'c.securityContext.capabilities.drop == ["ALL"] && ' +
            `(c.name == "istio-init" ? ${optional("c.securityContext.capabilities", "add", "[]")}.all(a, a in ["NET_ADMIN", "NET_RAW"]) : ` +
            "!has(c.securityContext.capabilities.add) && has(c.securityContext.runAsUser) && c.securityContext.runAsUser > 0 && " +
            "has(c.securityContext.runAsNonRoot) && c.securityContext.runAsNonRoot && " +
            "has(c.securityContext.readOnlyRootFilesystem) && c.securityContext.readOnlyRootFilesystem) && " +
            '(!has(c.securityContext.seccompProfile) || c.securityContext.seccompProfile.type != "Unconfined")',
    ),
    {
        // On OpenShift, the sidecar's user is another than 1337.
        expression:
            `variables.proxies.all(proxy, has(proxy.securityContext) && ${["runAsUser", "runAsGroup"]
                .map((field) => `has(proxy.securityContext.${field}) && !(${identities(field)})`)
                .join(" && ")} && ` +
            `variables.own.all(c, c.name == "istio-proxy" || has(c.args) && c.args.size() > 6 && c.args[6] == string(proxy.securityContext.runAsUser)))`,
        message: `The user of the sidecar, whose traffic is not redirected, is also the application's, or is not the one that the redirection leaves out. It ${NOT_INJECTED}`,
    },
    refuse(
        "lifecycle hooks",
        `!has(c.lifecycle) || ${isProxy} && c.lifecycle.all(k, k in ["postStart", "preStop"] && c.lifecycle[k].all(a, a == "exec") && ` +
            `c.lifecycle[k].exec.command[0] == "pilot-agent" && c.lifecycle[k].exec.command.all(a, a.matches(${cel(HOOK_COMMAND)})))`,
    ),
    refuse(
        "probes",
        `${cel(PROBES)}.all(p, !(p in c) || c[p].all(k, k in ${cel(PROBE_FIELDS)}) && has(c[p].httpGet) && ` +
            'c[p].httpGet.all(k, k in ["path", "port", "scheme"]) && c[p].httpGet.path == "/healthz/ready")',
    ),
    refuse(
        "environment",
        `!has(c.env) || c.env.all(e, e.name.matches(${cel(ENVIRONMENT)}) && ` +
            `(${FROM_THE_POD}) && (${PROXY_CONFIG}) && (${AUTHENTICATED}) && (${VOUCHED}) && ${UNCHANGED})`,
    ),
    refuse(
        "volume mounts",
        `!has(c.volumeMounts) || c.volumeMounts.all(m, m.all(k, k in ["mountPath", "name", "readOnly", "recursiveReadOnly"]) && ` +
            `(m.mountPath == ${cel(TOKEN_MOUNT)} && m.name in variables.tokenVolumes || m.mountPath in variables.mounts && m.name in variables.mounts[m.mountPath]))`,
    ),
    refuse("ports", '!has(c.ports) || c.ports.all(p, p.all(k, k in ["containerPort", "name", "protocol"]))'),
    refuse("resources", "!has(c.resources) || !has(c.resources.claims)"),
    {
        expression:
            `variables.apps.all(c, ${optional("c", "volumeMounts", "[]")}.all(m, !(m.name in ${cel(SIDECAR_VOLUMES)}))) && ` +
            `(variables.isPod || variables.volumes.all(v, !(v.name in ${cel(SIDECAR_VOLUMES)})))`,
        message: `The volumes ${SIDECAR_VOLUMES.join(", ")} hold the sidecar's configuration and identity: remove them and their mounts from the application's containers.`,
    },
    {
        expression:
            'variables.volumes.all(v, v.name != "istiod-ca-cert" || has(v.configMap) && v.configMap.name == "istio-ca-root-cert" || ' +
            "has(v.projected) && has(v.projected.sources) && v.projected.sources.all(s, has(s.clusterTrustBundle)))",
        message:
            "The sidecar verifies the mesh's control plane by the volume istiod-ca-cert: remove it from the pod, and let Istio inject its own.",
    },
    {
        expression: `variables.volumes.all(v, ${Object.entries(VOLUME_TYPES)
            .map(([type, names]) => `(!(v.name in ${cel(names)}) || has(v.${type}))`)
            .join(" && ")})`,
        message: `The volumes ${Object.values(VOLUME_TYPES).flat().sort().join(", ")} are reserved for the sidecar: give the pod's volumes other names.`,
    },
];
