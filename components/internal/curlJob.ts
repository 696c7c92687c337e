import * as pulumi from "@pulumi/pulumi";
import { CronJob, Job } from "@pulumi/kubernetes/batch/v1";
import { CurlPod, curlPodSpec } from "../../plan/shared/hardenedPod";

/** Seconds between the Job's deadline and the timeout of the update that waits for it. */
const GRACE_SECONDS = 60;

export interface CurlJob {
    metadata: { name: string; namespace: pulumi.Input<string>; labels?: Record<string, string> };
    /** Labels and annotations of the Job's pod. */
    pod: { labels: Record<string, string>; annotations?: Record<string, pulumi.Input<string>> };
    container: CurlPod<pulumi.Input<string>, pulumi.Input<string>[]>;
    /** Seconds after which the Job fails. */
    deadlineSeconds: number;
}

/** Annotations of a pod that change with what should make it run again. */
export function triggerAnnotations(triggers: Record<string, pulumi.Input<string>> = {}) {
    return Object.fromEntries(Object.entries(triggers).map(([key, value]) => [`mesh-egress/${key}`, value]));
}

function jobSpec({ pod, container, deadlineSeconds }: CurlJob) {
    return {
        backoffLimit: 0,
        activeDeadlineSeconds: deadlineSeconds,
        template: { metadata: pod, spec: curlPodSpec(container) },
    };
}

/** A CronJob whose Jobs run the script by time. A run is skipped while the one before it still runs. */
export function curlCronJob(name: string, schedule: string, job: CurlJob, opts: pulumi.CustomResourceOptions): CronJob {
    return new CronJob(
        name,
        {
            metadata: job.metadata,
            spec: {
                schedule,
                concurrencyPolicy: "Forbid",
                successfulJobsHistoryLimit: 1,
                failedJobsHistoryLimit: 3,
                jobTemplate: { metadata: { labels: job.metadata.labels }, spec: jobSpec(job) },
            },
        },
        opts,
    );
}

/** A Job that runs one script, and fails the update with the script's last lines. It runs again when its script changes. */
export function curlJob(name: string, job: CurlJob, opts: pulumi.CustomResourceOptions): Job {
    const { metadata, deadlineSeconds } = job;
    return new Job(
        name,
        {
            // A Job that failed runs again in the next update; the provider leaves one that succeeded alone.
            metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
            spec: jobSpec(job),
        },
        {
            ...opts,
            // A Job's pod template cannot be changed, and two Jobs cannot have the same name.
            replaceOnChanges: ["spec"],
            deleteBeforeReplace: true,
            customTimeouts: { create: `${deadlineSeconds + GRACE_SECONDS}s` },
        },
    );
}
