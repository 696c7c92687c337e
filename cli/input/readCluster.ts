import { CommandError } from "../commandError";
import { RunKubectl } from "./kubectl";
import { Skipped, objectsIn } from "./objects";
import { printedJson, reasonIn } from "./printed";
import { ReadObjects } from "./readFiles";

/** Every kind that a rule, the adoption or the explanation of a call looks at, as `kubectl api-resources -o name` spells it. */
export const CLUSTER_KINDS = [
    "serviceentries.networking.istio.io",
    "virtualservices.networking.istio.io",
    "destinationrules.networking.istio.io",
    "gateways.networking.istio.io",
    "sidecars.networking.istio.io",
    "workloadentries.networking.istio.io",
    "envoyfilters.networking.istio.io",
    "authorizationpolicies.security.istio.io",
    "peerauthentications.security.istio.io",
    "gateways.gateway.networking.k8s.io",
    "httproutes.gateway.networking.k8s.io",
    "grpcroutes.gateway.networking.k8s.io",
    "tlsroutes.gateway.networking.k8s.io",
    "tcproutes.gateway.networking.k8s.io",
    "backendtlspolicies.gateway.networking.k8s.io",
    "referencegrants.gateway.networking.k8s.io",
    "networkpolicies.networking.k8s.io",
    "ciliumnetworkpolicies.cilium.io",
    "ciliumclusterwidenetworkpolicies.cilium.io",
    // Calico's own server shows the same objects once more, as projectcalico.org.
    "networkpolicies.crd.projectcalico.org",
    "globalnetworkpolicies.crd.projectcalico.org",
    "adminnetworkpolicies.policy.networking.k8s.io",
    "clusternetworkpolicies.policy.networking.k8s.io",
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "cronjobs.batch",
    "namespaces",
    "services",
    "secrets",
    "configmaps",
];

const NO_CREDENTIALS = "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token";

/** How many kinds are asked for at a time. */
const AT_ONCE = 4;

/** The objects of a live cluster. Only reads, and says which kinds the user may not read or the cluster does not have. */
export async function readCluster(kubectl: RunKubectl, kinds = CLUSTER_KINDS): Promise<ReadObjects> {
    const served = await servedKinds(kubectl);
    const wanted = kinds.filter((kind) => served.has(kind));
    const found: ReadObjects = { objects: [], skipped: [] };
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
        const answers = await Promise.all(wanted.slice(start, start + AT_ONCE).map((kind) => readKind(kubectl, kind)));
        for (const { objects, skipped } of answers) {
            found.objects.push(...objects);
            found.skipped.push(...skipped);
        }
    }
    return found;
}

async function servedKinds(kubectl: RunKubectl): Promise<Set<string>> {
    const { code, stdout, stderr } = await kubectl(["api-resources", "--verbs=list", "-o", "name"]);
    const names = stdout.split("\n").map((line) => line.trim());
    // A broken aggregated API fails the command, which lists the others all the same.
    if (code !== 0 && names.filter(Boolean).length === 0) {
        throw clusterError(stderr);
    }
    return new Set(names);
}

async function readKind(kubectl: RunKubectl, kind: string): Promise<ReadObjects> {
    // Releases of Helm and tokens of service accounts are large, many and no credentials of a proxy.
    const selection = kind === "secrets" ? ["--field-selector", NO_CREDENTIALS] : [];
    const { code, stdout, stderr } = await kubectl(["get", kind, "--all-namespaces", "-o", "json", ...selection]);
    if (code !== 0) {
        const skipped: Skipped = { source: kind, reason: reasonIn(stderr) };
        return { objects: [], skipped: [skipped] };
    }
    const { objects, skipped } = objectsIn(kind, {
        line: 1,
        text: "",
        value: printedJson(`kubectl get ${kind}`, stdout),
    });
    return { objects: objects.map(({ object }) => ({ object })), skipped };
}

export function clusterError(stderr: string): CommandError {
    return new CommandError(
        `The cluster cannot be read: ${reasonIn(stderr).replace(/[.?!]$/, "")}. Check with: kubectl cluster-info, or choose another --context.`,
    );
}
