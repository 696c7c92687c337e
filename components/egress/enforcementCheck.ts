import * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import { checkPolicy, checkScript } from "../../plan/egress/lockdown/enforcementCheck";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { networkPolicy } from "../internal/networkPolicy";

/** A Job in a namespace of its own that fails the update where the cluster does not enforce NetworkPolicies. */
export function enforcementCheck(
    name: string,
    mesh: pulumi.Output<{ meshNamespace: string; revision: string }>,
    nodeDnsRanges: string[],
    image: pulumi.Input<string> | undefined,
    child: { parent: pulumi.Resource },
): Job {
    const namespace = new Namespace(
        `${name}-check-namespace`,
        {
            metadata: {
                name: `${name}-check`,
                labels: { "istio-injection": "disabled", "pod-security.kubernetes.io/enforce": "restricted" },
            },
        },
        child,
    ).metadata.name;
    const policy = networkPolicy(
        `${name}-check-network-policy`,
        pulumi
            .all([namespace, mesh])
            .apply(([known, { meshNamespace }]) => checkPolicy({ namespace: known, meshNamespace, nodeDnsRanges })),
        child,
    );
    return new Job(
        `${name}-check`,
        {
            metadata: { name: "check", namespace },
            spec: {
                backoffLimit: 0,
                activeDeadlineSeconds: 180,
                template: {
                    metadata: { labels: { "sidecar.istio.io/inject": "false" } },
                    spec: {
                        restartPolicy: "Never",
                        automountServiceAccountToken: false,
                        securityContext: {
                            runAsNonRoot: true,
                            runAsUser: 65532,
                            runAsGroup: 65532,
                            seccompProfile: { type: "RuntimeDefault" },
                        },
                        containers: [
                            {
                                name: "check",
                                image: image ?? CURL_IMAGE,
                                imagePullPolicy: "IfNotPresent",
                                command: [
                                    "sh",
                                    "-c",
                                    mesh.apply(({ meshNamespace, revision }) => checkScript(meshNamespace, revision)),
                                ],
                                // The script's last line says why.
                                terminationMessagePolicy: "FallbackToLogsOnError",
                                securityContext: {
                                    allowPrivilegeEscalation: false,
                                    capabilities: { drop: ["ALL"] },
                                },
                                resources: { requests: { cpu: "10m", memory: "16Mi" } },
                            },
                        ],
                    },
                },
            },
        },
        {
            ...child,
            dependsOn: policy,
            // A Job's pods cannot be changed, and two of one name cannot be there at once.
            replaceOnChanges: ["spec"],
            deleteBeforeReplace: true,
            customTimeouts: { create: "240s" },
        },
    );
}
