import * as pulumi from "@pulumi/pulumi";
import {
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
} from "@pulumi/kubernetes/admissionregistration/v1";
import { Admission, boundByLabel } from "../../plan/egress/lockdown/admission";

/** Creates an admission policy and then its bindings, which it returns: by namespaces, and by a label too. */
export function admissionPolicy(
    name: string,
    admission: pulumi.Input<Admission>,
    opts: pulumi.CustomResourceOptions,
    label?: Record<string, string>,
): ValidatingAdmissionPolicyBinding[] {
    const { policy, binding } = pulumi.output(admission);
    const made = new ValidatingAdmissionPolicy(name, { metadata: policy.metadata, spec: policy.spec }, opts);
    const bindings: Record<string, typeof binding> = {
        binding,
        ...(label && { labelled: binding.apply((known) => boundByLabel(known, label)) }),
    };
    return Object.entries(bindings).map(
        ([suffix, { metadata, spec }]) =>
            new ValidatingAdmissionPolicyBinding(`${name}-${suffix}`, { metadata, spec }, { ...opts, dependsOn: made }),
    );
}
