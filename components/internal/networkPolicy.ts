import * as pulumi from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { NetworkPolicyObject } from "../../plan/egress/lockdown/networkPolicies";

/** Creates a NetworkPolicy that `plan/` built. */
export function networkPolicy(
    name: string,
    object: pulumi.Output<NetworkPolicyObject>,
    opts: pulumi.CustomResourceOptions,
): NetworkPolicy {
    return new NetworkPolicy(name, { metadata: object.metadata, spec: object.spec }, opts);
}
