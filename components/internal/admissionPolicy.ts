import * as pulumi from "@pulumi/pulumi";
import {
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
} from "@pulumi/kubernetes/admissionregistration/v1";
import { Admission } from "../../plan/egress/lockdown/admission";

/** Creates an admission policy and then what puts it in force, which it returns. */
export function admissionPolicy(
    name: string,
    admission: pulumi.Input<Admission>,
    opts: pulumi.CustomResourceOptions,
): ValidatingAdmissionPolicyBinding {
    const { policy, binding } = pulumi.output(admission);
    const made = new ValidatingAdmissionPolicy(name, { metadata: policy.metadata, spec: policy.spec }, opts);
    return new ValidatingAdmissionPolicyBinding(
        `${name}-binding`,
        { metadata: binding.metadata, spec: binding.spec },
        { ...opts, dependsOn: made },
    );
}
