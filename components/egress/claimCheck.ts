import * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import {
    CLAIM_CHECK_ACCOUNT,
    claimCheckAdmission,
    claimCheckRules,
    claimCheckScript,
    inForceRules,
} from "../../plan/egress/lockdown/claimCheck";
import { LockdownContext } from "../../plan/egress/lockdown/lockdown";
import { CURL_IMAGE } from "../../plan/shared/officialSources";
import { admissionPolicy } from "../internal/admissionPolicy";
import { curlJob, triggerAnnotations } from "../internal/curlJob";

export interface ClaimCheckOptions {
    context: pulumi.Output<LockdownContext>;
    /** Namespace of the enforcement check, whose policy does not select this check's pod. */
    checkNamespace: string;
    /** Namespaces whose objects may claim the gateway's hosts. */
    exempt: string[];
    locked: string[];
    /** Namespaces of the routes' callers. */
    callers: pulumi.Output<string[]>;
    image: pulumi.Input<string> | undefined;
    triggers: Record<string, pulumi.Input<string>>;
}

/**
 * A Job that waits until the API server knows the lockdown's admission policies, and fails the update if an object that
 * was there before claims a host of the gateway. It runs again when a trigger changes. `policies` are the bindings of the
 * admission policies.
 */
export function claimCheck(
    name: string,
    policies: pulumi.Resource[],
    { context, checkNamespace, exempt, locked, callers, image, triggers }: ClaimCheckOptions,
    opts: pulumi.CustomResourceOptions,
): Job {
    const inForce = `${name}-claims`;
    const binding = admissionPolicy(inForce, claimCheckAdmission(inForce, checkNamespace), {
        ...opts,
        dependsOn: policies,
    });
    // The account has no rights before the policy that restricts it, and none after it.
    const restricted = { ...opts, dependsOn: binding };
    const account = new ServiceAccount(
        `${inForce}-account`,
        { metadata: { name: CLAIM_CHECK_ACCOUNT, namespace: checkNamespace }, automountServiceAccountToken: false },
        restricted,
    );
    const subjects = [{ kind: "ServiceAccount", name: CLAIM_CHECK_ACCOUNT, namespace: checkNamespace }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io" };
    const everywhere = { metadata: { name: inForce } };
    const inside = { metadata: { name: CLAIM_CHECK_ACCOUNT, namespace: checkNamespace } };
    const rights = [
        new ClusterRole(`${inForce}-role`, { ...everywhere, rules: claimCheckRules() }, restricted),
        new ClusterRoleBinding(
            `${inForce}-role-binding`,
            { ...everywhere, subjects, roleRef: { ...roleRef, kind: "ClusterRole", name: inForce } },
            restricted,
        ),
        new Role(`${inForce}-in-force-role`, { ...inside, rules: inForceRules() }, restricted),
        new RoleBinding(
            `${inForce}-in-force-role-binding`,
            { ...inside, subjects, roleRef: { ...roleRef, kind: "Role", name: CLAIM_CHECK_ACCOUNT } },
            restricted,
        ),
    ];
    return curlJob(
        `${inForce}-check`,
        {
            metadata: { name: "claims", namespace: checkNamespace },
            pod: { labels: { "sidecar.istio.io/inject": "false" }, annotations: triggerAnnotations(triggers) },
            container: {
                name: "check",
                image: image ?? CURL_IMAGE,
                serviceAccountName: CLAIM_CHECK_ACCOUNT,
                callsApiServer: true,
                command: [
                    "sh",
                    "-c",
                    pulumi.all([context, callers]).apply(([{ gateway, meshNamespace }, calling]) =>
                        claimCheckScript({
                            checkNamespace,
                            gateway,
                            meshNamespace,
                            inForce,
                            policies: [`${name}-host-claims`, `${name}-gateway-claims`],
                            exempt,
                            concerned: [...new Set([...locked, ...calling])],
                        }),
                    ),
                ],
            },
            deadlineSeconds: 300,
        },
        { ...opts, dependsOn: [account, ...rights] },
    );
}
