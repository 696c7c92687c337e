import * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1";
import { CheckedMesh } from "../../plan/egress/lockdown/enforcementCheck";
import { refusalCheckMetadata, refusalScript } from "../../plan/egress/lockdown/refusalCheck";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { curlJob, triggerAnnotations } from "../internal/curlJob";

/** A Job in a locked namespace that fails the update if a pod there still gets out. It runs again when a trigger changes. */
export function refusalCheck(
    name: string,
    namespace: string,
    mesh: pulumi.Output<CheckedMesh>,
    image: pulumi.Input<string> | undefined,
    triggers: Record<string, pulumi.Input<string>>,
    opts: pulumi.CustomResourceOptions,
): Job {
    return curlJob(
        `${name}-${namespace}-check`,
        {
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
        },
        opts,
    );
}
