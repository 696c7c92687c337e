import * as pulumi from "@pulumi/pulumi";
import { CronJob, Job } from "@pulumi/kubernetes/batch/v1";
import { CheckedMesh } from "../../plan/egress/lockdown/enforcementCheck";
import { refusalCheckMetadata, refusalScript } from "../../plan/egress/lockdown/refusalCheck";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { CurlJob, curlCronJob, curlJob, triggerAnnotations } from "../internal/curlJob";

/** What tries to get out of a locked namespace. */
export interface Refusal {
    namespace: string;
    mesh: pulumi.Output<CheckedMesh>;
    image: pulumi.Input<string> | undefined;
}

/** A Job in a locked namespace that fails the update if a pod there still gets out. It runs again when a trigger changes. */
export function refusalCheck(
    name: string,
    refusal: Refusal,
    triggers: Record<string, pulumi.Input<string>>,
    opts: pulumi.CustomResourceOptions,
): Job {
    return curlJob(`${name}-${refusal.namespace}-check`, job(refusal, triggers), opts);
}

/** The same by time, between updates. */
export function scheduledCheck(
    name: string,
    refusal: Refusal,
    schedule: string,
    opts: pulumi.CustomResourceOptions,
): CronJob {
    return curlCronJob(`${name}-${refusal.namespace}-scheduled-check`, schedule, job(refusal), opts);
}

function job({ namespace, mesh, image }: Refusal, triggers?: Record<string, pulumi.Input<string>>): CurlJob {
    return {
        metadata: refusalCheckMetadata(namespace),
        pod: {
            labels: { "sidecar.istio.io/inject": "true" },
            // An ordinary sidecar would outlive the check, and the Job would never be complete.
            annotations: { "sidecar.istio.io/nativeSidecar": "true", ...triggerAnnotations(triggers) },
        },
        container: {
            name: "check",
            image: image ?? CURL_IMAGE,
            command: ["sh", "-c", mesh.apply((known) => refusalScript(namespace, known))],
        },
        deadlineSeconds: 180,
    };
}
