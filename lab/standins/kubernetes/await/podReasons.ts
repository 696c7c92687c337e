import type { ApiClient, KubernetesObject } from "../apiClient";
import { badConditions } from "./condition";

interface ContainerState {
    waiting?: { reason?: string; message?: string };
    terminated?: { exitCode: number; reason?: string; message?: string };
}
interface ContainerStatus {
    name: string;
    state?: ContainerState;
    lastState?: ContainerState;
}
type Selector = { matchLabels?: Record<string, string> } | undefined;

/** The selector, as a query, of the pods an object is about. */
function podQuery(live: KubernetesObject): string | undefined {
    const { kind, metadata } = live;
    if (kind === "Pod") {
        return `fieldSelector=${encodeURIComponent(`metadata.name=${metadata.name}`)}`;
    }
    const spec = (live["spec"] ?? {}) as { selector?: Selector & Record<string, unknown> };
    const labels = kind === "Service" ? (spec.selector as Record<string, string>) : spec.selector?.matchLabels;
    const query = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
    return query.length > 0 ? `labelSelector=${encodeURIComponent(query.join(","))}` : undefined;
}

/** What the pods of an object say about why it does not become ready: first what a container wrote as its last words. */
export async function podReasons(api: ApiClient, live: KubernetesObject): Promise<string[]> {
    const query = podQuery(live);
    const { namespace } = live.metadata;
    if (!query || !namespace) {
        return [];
    }
    const pods = await api.get<{ items: KubernetesObject[] }>(`/api/v1/namespaces/${namespace}/pods?${query}`);
    // A job's pod that was started again is ready, and says only in its past why the job will fail.
    const notReady = pods.items.filter((pod) => live.kind === "Job" || !isReady(pod));
    const words = notReady.flatMap((pod) => containers(pod).flatMap((container) => describeContainer(pod, container)));
    const conditions = notReady.flatMap((pod) => badConditions(pod).map((line) => `pod ${pod.metadata.name}: ${line}`));
    return [...new Set([...words.sort((a, b) => a.rank - b.rank).map(({ line }) => line), ...conditions])];
}

function isReady(pod: KubernetesObject): boolean {
    const { conditions } = (pod["status"] ?? {}) as { conditions?: { type: string; status: string }[] };
    return (conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True");
}

function containers(pod: KubernetesObject): ContainerStatus[] {
    const status = (pod["status"] ?? {}) as Record<string, ContainerStatus[] | undefined>;
    return [...(status["initContainerStatuses"] ?? []), ...(status["containerStatuses"] ?? [])];
}

function describeContainer(pod: KubernetesObject, { name, state, lastState }: ContainerStatus) {
    const where = `container ${name} of pod ${pod.metadata.name}`;
    const reasons: { rank: number; line: string }[] = [];
    for (const end of [state?.terminated, lastState?.terminated]) {
        if (end && end.exitCode !== 0) {
            const message = end.message?.trim();
            const how = `exit code ${end.exitCode}${end.reason ? `, ${end.reason}` : ""}`;
            reasons.push(
                message ? { rank: 0, line: `${message} (${where}, ${how})` } : { rank: 1, line: `${where}: ${how}` },
            );
        }
    }
    if (state?.waiting?.reason && !["ContainerCreating", "PodInitializing"].includes(state.waiting.reason)) {
        const { reason, message } = state.waiting;
        reasons.push({ rank: 2, line: `${where} waits: ${reason}${message ? `: ${message}` : ""}` });
    }
    return reasons;
}

interface Event {
    type?: string;
    reason?: string;
    message?: string;
    involvedObject?: { kind?: string; name?: string };
}

/** The warnings Kubernetes recorded about an object and what it owns (whose names start with its own). */
export async function warnings(api: ApiClient, live: KubernetesObject): Promise<string[]> {
    const { namespace, name } = live.metadata;
    if (!namespace) {
        return [];
    }
    const query = `fieldSelector=${encodeURIComponent("type=Warning")}&limit=500`;
    const events = await api.get<{ items: Event[] }>(`/api/v1/namespaces/${namespace}/events?${query}`);
    const about = events.items.filter(({ involvedObject: object }) => {
        const itself = object?.kind === live.kind && object?.name === name;
        return (
            itself ||
            (["Pod", "ReplicaSet", "Job"].includes(object?.kind ?? "") && object?.name?.startsWith(`${name}-`))
        );
    });
    const lines = about.map(({ reason, message, involvedObject }) => {
        return `${involvedObject?.kind?.toLowerCase()} ${involvedObject?.name}: ${reason}: ${message}`;
    });
    return [...new Set(lines)].slice(-5);
}
