import * as pulumi from "@pulumi/pulumi";
import { Admission } from "../../plan/egress/lockdown/admission";
import { configurationAdmission } from "../../plan/egress/lockdown/configurationAdmission";
import { gatewayClaimAdmission } from "../../plan/egress/lockdown/gatewayClaimAdmission";
import { guardAdmission, namespaceAdmission } from "../../plan/egress/lockdown/guardAdmission";
import { hostClaimAdmission } from "../../plan/egress/lockdown/hostClaimAdmission";
import { kindAdmission } from "../../plan/egress/lockdown/kindAdmission";
import { reachedElsewhere } from "../../plan/egress/lockdown/inCluster";
import { KnownLockdownContext } from "../../plan/egress/lockdown/lockdown";
import { lockedByLabel } from "../../plan/egress/lockdown/namespaceLabels";
import { ResolvedLockdown } from "../../plan/egress/lockdown/options";
import { startAdmission } from "../../plan/egress/lockdown/startAdmission";
import { WorkloadRules, workloadAdmission } from "../../plan/egress/lockdown/workloadAdmission";
import { admissionPolicy } from "../internal/admissionPolicy";

/** Creates the admission policies of a lockdown. Returns their bindings, which put them into force. */
export function lockdownPolicies(
    name: string,
    options: ResolvedLockdown,
    context: pulumi.Output<KnownLockdownContext>,
    workloads: pulumi.Output<WorkloadRules>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const { namespaces } = options;
    const guarded = [...namespaces, ...reachedElsewhere(options).map(({ namespace }) => namespace)];
    const inNamespaces: [string, pulumi.Input<Admission>][] = [
        ["workloads", workloads.apply((rules) => workloadAdmission(`${name}-workloads`, namespaces, rules))],
        ["start", startAdmission(`${name}-start`, namespaces)],
        ["kinds", context.apply((known) => kindAdmission(`${name}-kinds`, namespaces, { ...known, ...options }))],
        [
            "configuration",
            context.apply(({ gateway }) =>
                configurationAdmission(`${name}-configuration`, namespaces, gateway, options),
            ),
        ],
        ["guards", context.apply(({ gateway }) => guardAdmission(`${name}-guards`, guarded, gateway))],
    ];
    const elsewhere: [string, pulumi.Input<Admission>][] = [
        ["namespaces", context.apply(({ gateway }) => namespaceAdmission(`${name}-namespaces`, namespaces, gateway))],
        ["gateway-claims", context.apply(({ gateway }) => gatewayClaimAdmission(`${name}-gateway-claims`, gateway))],
        [
            "host-claims",
            context.apply(({ gateway }) => hostClaimAdmission(`${name}-host-claims`, gateway, options.sharedHostsWith)),
        ],
    ];
    return [
        ...inNamespaces.flatMap(([what, admission]) =>
            admissionPolicy(`${name}-${what}`, admission, opts, lockedByLabel(name)),
        ),
        ...elsewhere.flatMap(([what, admission]) => admissionPolicy(`${name}-${what}`, admission, opts)),
    ];
}
