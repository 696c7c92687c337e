import { isDeepStrictEqual } from "node:util";
import { callerPolicy } from "../plan/mesh/gateway";
import { parseRange, overlaps, sizeOfUnion } from "../plan/shared/addressRange";
import { specialRanges } from "../plan/shared/openRange";
import { at, list, oneOf, texts } from "./safe";

/** What one resource opens, judged by its inputs alone. Undefined for a type that cannot be judged this way. */
export function openingsOf(type: string, inputs: unknown): string[] | undefined {
    const judge = JUDGES[kindOf(type) ?? ""];
    return judge?.(at(inputs, "spec"), inputs);
}

/** `NetworkPolicy.networking.k8s.io` of `kubernetes:networking.k8s.io/v1:NetworkPolicy`, whatever the version. */
export function kindOf(type: string): string | undefined {
    const [, group, kind] = /^kubernetes:([^:/]+)\/\w+:(\w+)$/.exec(type) ?? [];
    return kind && `${kind}.${group}`;
}

type Judge = (spec: unknown, inputs: unknown) => string[];

const JUDGES: Record<string, Judge> = {
    "NetworkPolicy.networking.k8s.io": networkPolicy,
    "AuthorizationPolicy.security.istio.io": authorizationPolicy,
    "PeerAuthentication.security.istio.io": peerAuthentication,
    "RequestAuthentication.security.istio.io": (spec) =>
        list(at(spec, "jwtRules")).some((rule) => at(rule, "jwksUri") !== undefined)
            ? ["istiod fetches keys from an address that its author chose"]
            : [],
    "ServiceEntry.networking.istio.io": serviceEntry,
    "DestinationRule.networking.istio.io": (spec) =>
        has(spec, "insecureSkipVerify", true) ? ["the server's certificate is not verified"] : [],
    "Sidecar.networking.istio.io": (spec) => {
        const mode = at(spec, "outboundTrafficPolicy", "mode");
        return mode !== undefined && mode !== "REGISTRY_ONLY" ? ["sidecars pass on calls to undeclared hosts"] : [];
    },
    "Telemetry.telemetry.istio.io": (spec) =>
        list(at(spec, "accessLogging")).some((one) => at(one, "disabled") === true) ? ["calls are not logged"] : [],
    "ClusterRoleBinding.rbac.authorization.k8s.io": roleBinding,
    "RoleBinding.rbac.authorization.k8s.io": roleBinding,
    "ClusterRole.rbac.authorization.k8s.io": role,
    "Role.rbac.authorization.k8s.io": role,
    "Service.core": service,
    "Pod.core": (spec) => podSpec(spec),
    "Deployment.apps": workload,
    "StatefulSet.apps": workload,
    "DaemonSet.apps": workload,
    "Job.batch": workload,
    "CronJob.batch": (spec) => workload(at(spec, "jobTemplate", "spec")),
    "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": (spec) =>
        texts(at(spec, "validationActions")).includes("Deny") ? [] : ["the admission policy refuses nothing"],
    "ValidatingAdmissionPolicy.admissionregistration.k8s.io": (spec) =>
        at(spec, "failurePolicy") === "Ignore" ? ["the admission policy allows what it cannot evaluate"] : [],
};

/** Egress that goes to every address, or to so many that it makes no difference. */
function networkPolicy(spec: unknown): string[] {
    if (!limitsEgress(spec)) {
        return [];
    }
    const rules = list(at(spec, "egress"));
    const peers = rules.flatMap((rule) => list(at(rule, "to")));
    const ranges = peers.flatMap((peer) => parseRange(String(at(peer, "ipBlock", "cidr"))) ?? []);
    const many = ([4, 6] as const).some(
        (family) =>
            sizeOfUnion(ranges.filter((range) => range.family === family)) > (family === 4 ? 2n ** 24n : 2n ** 96n),
    );
    const unlimited = rules.some((rule) => list(at(rule, "to")).length === 0 && !isDns(rule));
    // A selector without a condition selects every namespace; rules for DNS alone are left to the resolvers' own.
    const everyPod = rules.some(
        (rule) => !isDns(rule) && list(at(rule, "to")).some((peer) => selectsAll(at(peer, "namespaceSelector"), peer)),
    );
    return [
        ...(unlimited || many ? ["pods may call every address, or almost every one"] : []),
        ...(everyPod ? ["pods may call every pod of the cluster"] : []),
    ];
}

/** Whether a peer is all pods of all namespaces. */
function selectsAll(namespaces: unknown, peer: unknown): boolean {
    const isOpen = (selector: unknown) =>
        list(at(selector, "matchExpressions")).length === 0 &&
        Object.keys(at(selector, "matchLabels") ?? {}).length === 0;
    return namespaces !== undefined && isOpen(namespaces) && isOpen(at(peer, "podSelector"));
}

export function limitsEgress(spec: unknown): boolean {
    return texts(at(spec, "policyTypes")).includes("Egress") || at(spec, "egress") !== undefined;
}

function isDns(rule: unknown): boolean {
    const ports = list(at(rule, "ports"));
    return ports.length > 0 && ports.every((port) => at(port, "port") === 53 && at(port, "endPort") === undefined);
}

function authorizationPolicy(spec: unknown): string[] {
    if ((at(spec, "action") ?? "ALLOW") !== "ALLOW" || deniesByDefault(spec)) {
        return [];
    }
    return list(at(spec, "rules")).some((rule) => {
        const sources = list(at(rule, "from")).map((from) => at(from, "source"));
        return sources.length === 0 ? list(at(rule, "when")).length === 0 : sources.some(isAnybody);
    })
        ? ["anyone may call"]
        : [];
}

/** A source that restricts no caller: it has no field that names callers, or one that names all of them. */
function isAnybody(source: unknown): boolean {
    const fields = ["principals", "namespaces", "serviceAccounts", "requestPrincipals", "ipBlocks", "remoteIpBlocks"];
    const given = fields.filter((field) => list(at(source, field)).length > 0);
    return (
        given.length === 0 ||
        given.every((field) =>
            texts(at(source, field)).some((one) => /^\*$|\/0$|^\*\/|\/\*$/.test(one) && !/\/ns\//.test(one)),
        )
    );
}

/** An ALLOW policy without rules, which refuses everyone, or an egress gateway's own, which leaves it to the routes who may call. */
export function deniesByDefault(spec: unknown): boolean {
    const isEmpty = (at(spec, "action") ?? "ALLOW") === "ALLOW" && list(at(spec, "rules")).length === 0;
    const name = String(at(spec, "selector", "matchLabels", "istio"));
    return (
        isEmpty || [false, true].some((plaintextPort) => isDeepStrictEqual(spec, callerPolicy({ name, plaintextPort })))
    );
}

function peerAuthentication(spec: unknown): string[] {
    const modes = [at(spec, "mtls", "mode"), ...values(at(spec, "portLevelMtls")).map((one) => at(one, "mode"))];
    return modes.some((mode) => mode === "PERMISSIVE" || mode === "DISABLE")
        ? ["calls without mutual TLS are accepted"]
        : [];
}

function serviceEntry(spec: unknown): string[] {
    const hosts = texts(at(spec, "hosts"));
    const addresses = [
        ...texts(at(spec, "addresses")),
        ...list(at(spec, "endpoints")).flatMap((one) => texts([at(one, "address")])),
    ];
    return [
        ...(hosts.some((host) => /^\*(\.[^.]+)?$/.test(host)) ? ["every host is declared"] : []),
        ...(hosts.some((host) => /\.(svc|local|internal)\.?$|\.svc\./i.test(host))
            ? ["a host inside the cluster is declared"]
            : []),
        ...(addresses.some(isInternal) ? ["an internal address is dialled"] : []),
    ];
}

function isInternal(text: string): boolean {
    const range = parseRange(text) ?? parseRange(`${text}/${text.includes(":") ? 128 : 32}`);
    const internal = specialRanges("unspecified", "loopback", "linkLocal", "platform", "private", "embedded");
    return range !== undefined && internal.some((one) => overlaps(parseRange(one)!, range));
}

function roleBinding(_: unknown, inputs: unknown): string[] {
    const name = oneOf(at(inputs, "roleRef", "name"), ["cluster-admin", "admin"]);
    const everybody = list(at(inputs, "subjects")).some((subject) =>
        ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"].includes(
            String(at(subject, "name")),
        ),
    );
    return [...(name ? [`somebody gets the role ${name}`] : []), ...(everybody ? ["everybody gets a role"] : [])];
}

function role(_: unknown, inputs: unknown): string[] {
    const all = (rule: unknown, field: string) => texts(at(rule, field)).includes("*");
    return list(at(inputs, "rules")).some((rule) => all(rule, "verbs") && all(rule, "resources"))
        ? ["a role may do everything"]
        : [];
}

function service(spec: unknown): string[] {
    const kind = oneOf(at(spec, "type"), ["LoadBalancer", "NodePort", "ExternalName"]);
    return [
        ...(kind ? [`service of type ${kind}`] : []),
        ...(list(at(spec, "externalIPs")).length > 0 ? ["a service receives calls to external addresses"] : []),
    ];
}

function workload(spec: unknown): string[] {
    return podSpec(at(spec, "template", "spec"), at(spec, "template", "metadata"));
}

function podSpec(spec: unknown, metadata?: unknown): string[] {
    const containers = ["containers", "initContainers"].flatMap((field) => list(at(spec, field)));
    const inject = [
        at(metadata, "labels", "sidecar.istio.io/inject"),
        at(metadata, "annotations", "sidecar.istio.io/inject"),
    ];
    return [
        ...(at(spec, "hostNetwork") === true ? ["pods use the node's network, where no policy applies"] : []),
        ...(containers.some((one) => at(one, "securityContext", "privileged") === true)
            ? ["a container is privileged"]
            : []),
        ...(inject.includes("false") ? ["pods have no sidecar"] : []),
    ];
}

function values(value: unknown): unknown[] {
    return value !== null && typeof value === "object" ? Object.values(value) : [];
}

/** Whether a field has the value, however deep. */
function has(value: unknown, field: string, wanted: unknown): boolean {
    if (value === null || typeof value !== "object") {
        return false;
    }
    return at(value, field) === wanted || values(value).some((one) => has(one, field, wanted));
}
