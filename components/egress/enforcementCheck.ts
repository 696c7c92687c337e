import * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import {
    CheckedMesh,
    ENFORCEMENT_CHECK,
    checkNamespaceOf,
    checkPolicy,
    checkScript,
} from "../../plan/egress/lockdown/enforcementCheck";
import { asksNodeDns } from "../../plan/egress/lockdown/enginePolicies";
import { GUARD_NAME } from "../../plan/egress/lockdown/guard";
import { ResolvedLockdown } from "../../plan/egress/lockdown/options";
import { CILIUM_API_VERSION, ciliumNodeDns } from "../../plan/egress/lockdown/nodeDns";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { curlJob, triggerAnnotations } from "../internal/curlJob";
import { customObject } from "../internal/customObject";
import { networkPolicy } from "../internal/networkPolicy";

/**
 * A Job in a separate namespace that fails the update if the cluster does not enforce NetworkPolicies. It runs again when a
 * trigger changes.
 */
export function enforcementCheck(
    name: string,
    mesh: pulumi.Output<CheckedMesh>,
    options: ResolvedLockdown,
    image: pulumi.Input<string> | undefined,
    triggers: Record<string, pulumi.Input<string>>,
    child: { parent: pulumi.Resource },
): Job {
    const namespace = new Namespace(
        `${name}-check-namespace`,
        {
            metadata: {
                name: checkNamespaceOf(name),
                labels: { "istio-injection": "disabled", "pod-security.kubernetes.io/enforce": "restricted" },
            },
        },
        child,
    ).metadata.name;
    const policy = networkPolicy(
        `${name}-check-network-policy`,
        pulumi
            .all([namespace, mesh])
            .apply(([known, { meshNamespace }]) =>
                checkPolicy({ namespace: known, meshNamespace, nodeDnsRanges: options.nodeDnsRanges }),
            ),
        child,
    );
    const nodeDns = asksNodeDns(options)
        ? [
              customObject(
                  `${name}-check-node-dns`,
                  { apiVersion: CILIUM_API_VERSION, kind: "CiliumNetworkPolicy" },
                  namespace.apply((known) => ciliumNodeDns({ name: GUARD_NAME, namespace: known }, ENFORCEMENT_CHECK)),
                  child,
              ),
          ]
        : [];
    return curlJob(
        `${name}-check`,
        {
            metadata: { name: "check", namespace },
            pod: {
                labels: { "sidecar.istio.io/inject": "false", ...ENFORCEMENT_CHECK },
                annotations: triggerAnnotations(triggers),
            },
            container: {
                name: "check",
                image: image ?? CURL_IMAGE,
                command: ["sh", "-c", mesh.apply((known) => checkScript(known))],
            },
            deadlineSeconds: 180,
        },
        { ...child, dependsOn: [policy, ...nodeDns] },
    );
}
