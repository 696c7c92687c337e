import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { ISTIO_API_VERSIONS, IstioBody, IstioKind } from "../../plan/shared/kubernetesObject";
import { customObject } from "./customObject";

/** Creates an Istio object that `plan/` built. */
export function istioObject(
    name: string,
    kind: IstioKind,
    object: pulumi.Input<IstioBody>,
    opts: pulumi.CustomResourceOptions,
): CustomResource {
    return customObject(name, { apiVersion: ISTIO_API_VERSIONS[kind], kind }, object, opts);
}
