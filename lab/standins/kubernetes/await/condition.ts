import type { KubernetesObject } from "../apiClient";

export interface Condition {
    type: string;
    status: string;
    reason?: string;
    message?: string;
}

/** Whether an object has come to where it should be: ready, still on its way (with what is missing), or never. */
export type Progress = { state: "ready" } | { state: "waiting"; why: string } | { state: "failed"; why: string };

export const ready: Progress = { state: "ready" };

export function conditionsOf(object: KubernetesObject): Condition[] {
    return ((object["status"] as { conditions?: Condition[] } | undefined)?.conditions ?? []).filter(Boolean);
}

export function describeCondition({ type, status, reason, message }: Condition): string {
    return `${type}=${status}${reason ? ` (${reason})` : ""}${message ? `: ${message}` : ""}`;
}

/** The conditions that say something is wrong, as text. */
export function badConditions(object: KubernetesObject): string[] {
    const goodWhenTrue = ["Ready", "Available", "Progressing", "PodScheduled", "ContainersReady", "Initialized"];
    return conditionsOf(object)
        .filter(({ type, status }) => (goodWhenTrue.includes(type) ? status === "False" : status === "True"))
        .filter(
            ({ type }) =>
                !["Complete", "FailureTarget", "SuccessCriteriaMet", "PodReadyToStartContainers"].includes(type),
        )
        .map(describeCondition);
}
