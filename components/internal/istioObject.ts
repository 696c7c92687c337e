import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ISTIO_API_VERSIONS, IstioBody, IstioKind } from "../../plan/shared/kubernetesObject";

/** Creates what `plan/` made. The kind is given apart, because the engine must know it before the object is. */
export function istioObject(
    name: string,
    kind: IstioKind,
    object: pulumi.Input<IstioBody>,
    opts: pulumi.CustomResourceOptions,
): CustomResource {
    const { metadata, spec } = pulumi.output(object);
    return new CustomResource(name, { apiVersion: ISTIO_API_VERSIONS[kind], kind, metadata, spec }, opts);
}
