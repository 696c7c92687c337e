import { PolicyProviderResource } from "@pulumi/policy";
import { Fields, fields, text } from "../review/fields";
import { RawObject } from "../review/rawObject";
import { known } from "./known";

/** What the pack reads of a resource; @pulumi/policy gives it in the same form for one resource and for a stack. */
export interface StackResource {
    type: string;
    name: string;
    urn: string;
    props: Record<string, unknown>;
    provider?: PolicyProviderResource;
}

/**
 * A Kubernetes object, as the API server gets it; undefined for every other resource. The type says the kind. A resource
 * without a namespace is in its provider's; one without a name yet goes by the resource's.
 */
export function stackObject(resource: StackResource): RawObject | undefined {
    const [provider, apiVersion, kind] = resource.type.split(":");
    if (provider !== "kubernetes" || apiVersion === "" || !kind) {
        return undefined;
    }
    const { metadata, ...rest } = known(resource.props) as Fields;
    const namespace = text(fields(known(resource.provider?.props)).namespace);
    return {
        ...rest,
        apiVersion: apiVersion.replace(/^core\//, ""),
        kind,
        metadata: { name: resource.name, ...(namespace && { namespace }), ...fields(metadata) },
    };
}
