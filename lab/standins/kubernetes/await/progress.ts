import type { ApiClient, KubernetesObject } from "../apiClient";
import { conditionsOf, describeCondition, type Progress, ready } from "./condition";

interface Counts {
    replicas?: number;
    observedGeneration?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    readyReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
    phase?: string;
    loadBalancer?: { ingress?: unknown[] };
}
type Judge = (live: KubernetesObject, api: ApiClient) => Progress | Promise<Progress>;

const status = (live: KubernetesObject) => (live["status"] ?? {}) as Counts;
const spec = (live: KubernetesObject) => (live["spec"] ?? {}) as Record<string, unknown>;
const waiting = (why: string): Progress => ({ state: "waiting", why });
const failed = (why: string): Progress => ({ state: "failed", why });
const seen = (live: KubernetesObject) => (status(live).observedGeneration ?? 0) >= (live.metadata.generation ?? 0);

function condition(live: KubernetesObject, type: string, value = "True") {
    return conditionsOf(live).find((item) => item.type === type && item.status === value);
}

const deployment: Judge = (live) => {
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status(live);
    const wanted = (spec(live)["replicas"] as number | undefined) ?? 1;
    const stuck = condition(live, "Progressing", "False");
    if (seen(live) && stuck) {
        return failed(describeCondition(stuck));
    }
    const done = seen(live) && updatedReplicas >= wanted && availableReplicas >= wanted && replicas <= wanted;
    return done
        ? ready
        : waiting(`${availableReplicas} of ${wanted} replicas available, ${updatedReplicas} up to date`);
};

const statefulSet: Judge = (live) => {
    const { updatedReplicas = 0, readyReplicas = 0, currentRevision, updateRevision } = status(live);
    const wanted = (spec(live)["replicas"] as number | undefined) ?? 1;
    const rolled = currentRevision === updateRevision || updatedReplicas >= wanted;
    return seen(live) && rolled && readyReplicas >= wanted
        ? ready
        : waiting(`${readyReplicas} of ${wanted} replicas ready`);
};

const daemonSet: Judge = (live) => {
    const { desiredNumberScheduled, updatedNumberScheduled = 0, numberAvailable = 0 } = status(live);
    const wanted = desiredNumberScheduled ?? 0;
    const done = seen(live) && updatedNumberScheduled >= wanted && numberAvailable >= wanted;
    return done && desiredNumberScheduled !== undefined
        ? ready
        : waiting(`${numberAvailable} of ${desiredNumberScheduled ?? "?"} pods available`);
};

const pod: Judge = (live) => {
    const { phase } = status(live);
    if (phase === "Failed") {
        return failed("the pod failed");
    }
    return phase === "Succeeded" || condition(live, "Ready")
        ? ready
        : waiting(`the pod is ${phase ?? "new"}, not ready`);
};

const job: Judge = (live) => {
    const failure = condition(live, "Failed") ?? condition(live, "FailureTarget");
    if (failure) {
        return failed(describeCondition(failure));
    }
    return condition(live, "Complete") || spec(live)["suspend"] === true ? ready : waiting("the job runs");
};

const service: Judge = async (live, api) => {
    const { type, clusterIP, selector } = spec(live);
    if (type === "ExternalName" || clusterIP === "None" || !selector || Object.keys(selector).length === 0) {
        return ready;
    }
    const { namespace, name } = live.metadata;
    const label = encodeURIComponent(`kubernetes.io/service-name=${name}`);
    const slices = await api.get<{ items: { endpoints?: { conditions?: { ready?: boolean } }[] }[] }>(
        `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${label}`,
    );
    const endpoints = slices.items.flatMap((slice) => slice.endpoints ?? []);
    if (!endpoints.some((endpoint) => endpoint.conditions?.ready !== false)) {
        return waiting("no ready pod is behind the service");
    }
    if (type === "LoadBalancer" && (status(live).loadBalancer?.ingress ?? []).length === 0) {
        return waiting("the load balancer has no address");
    }
    return ready;
};

const definition: Judge = (live) => {
    const refused = condition(live, "NamesAccepted", "False");
    if (refused) {
        return failed(describeCondition(refused));
    }
    return condition(live, "Established") ? ready : waiting("the definition is not established");
};

const namespace: Judge = (live) =>
    status(live).phase === "Active" ? ready : waiting(`the namespace is ${status(live).phase ?? "new"}`);

const judges: Record<string, Judge> = {
    "apps/v1/Deployment": deployment,
    "apps/v1/StatefulSet": statefulSet,
    "apps/v1/DaemonSet": daemonSet,
    "batch/v1/Job": job,
    "v1/Pod": pod,
    "v1/Service": service,
    "v1/Namespace": namespace,
    "apiextensions.k8s.io/v1/CustomResourceDefinition": definition,
};

function annotated(live: KubernetesObject, waitFor: string): Progress {
    const [, type, status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(waitFor) ?? [];
    if (type !== undefined) {
        return condition(live, type, status) ? ready : waiting(`condition ${type} is not ${status}`);
    }
    const [, path, wanted] = /^jsonpath=\{\.([\w.]+)\}(?:=(.+))?$/.exec(waitFor) ?? [];
    if (path === undefined) {
        return failed(`the stand-in cannot wait for ${JSON.stringify(waitFor)}`);
    }
    const found = path
        .split(".")
        .reduce<unknown>((at, field) => (at as Record<string, unknown> | undefined)?.[field], live);
    if (found === undefined) {
        return waiting(`{.${path}} selected nothing`);
    }
    return [undefined, found, JSON.stringify(found)].includes(wanted) ? ready : waiting(`.${path} is not ${wanted}`);
}

/**
 * How far an object is. An annotation `pulumi.com/waitFor` decides for any kind, as in the official plugin (ReadyCondition of
 * provider/pkg/metadata/overrides.go and Matches of provider/pkg/jsonpath/jsonpath.go in pulumi/pulumi-kubernetes):
 * `condition=<type>[=<status>]`, or `jsonpath={.a.b}[=<value>]`. The stand-in supports paths of plain fields only.
 */
export function progressOf(live: KubernetesObject, api: ApiClient): Progress | Promise<Progress> {
    const waitFor = live.metadata.annotations?.["pulumi.com/waitFor"];
    if (waitFor !== undefined) {
        return annotated(live, waitFor);
    }
    return judges[`${live.apiVersion}/${live.kind}`]?.(live, api) ?? ready;
}
