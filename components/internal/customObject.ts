import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { IstioBody, KubernetesObject } from "../../plan/shared/kubernetesObject";

/**
 * Creates an object that `plan/` built. Version and kind are separate, because the engine must know them before the
 * object.
 */
export function customObject(
    name: string,
    { apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">,
    object: pulumi.Input<IstioBody>,
    opts: pulumi.CustomResourceOptions,
): CustomResource {
    const { metadata, spec } = pulumi.output(object);
    return new CustomResource(name, { apiVersion, kind, metadata, spec }, opts);
}
