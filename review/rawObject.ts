import { fields, text } from "./fields";

/** A Kubernetes object as `kubectl get -o json` or a Pulumi resource's inputs have it. */
export interface RawObject {
    apiVersion: string;
    kind: string;
    metadata?: object;
    spec?: unknown;
    data?: unknown;
    stringData?: unknown;
    type?: unknown;
}

export interface ObjectRef {
    apiVersion: string;
    kind: string;
    namespace: string;
    name: string;
}

/** What every kind's view has: where the object is. */
export interface Viewed {
    ref: ObjectRef;
}

export function objectRef(object: RawObject): ObjectRef {
    const metadata = fields(object.metadata);
    return {
        apiVersion: object.apiVersion,
        kind: object.kind,
        namespace: text(metadata.namespace) ?? "default",
        name: text(metadata.name) ?? "",
    };
}

/** Names an object in a sentence: `VirtualService payments/partner`. */
export function describeRef({ kind, namespace, name }: ObjectRef): string {
    return `${kind} ${namespace}/${name}`;
}
