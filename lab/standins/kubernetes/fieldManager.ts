import { randomBytes } from "node:crypto";
import { bag, type Properties, text } from "../shared/values";
import { type ApiClient, ApiError, type KubernetesObject } from "./apiClient";

/*
 * Who owns which field under server-side apply, as the official plugin has it: fieldManagerName in
 * provider/pkg/provider/provider.go, fixCSAFieldManagers and handleSSAErr in provider/pkg/await/await.go of
 * pulumi-kubernetes.
 */

/** Managers whose fields an update takes over: kubectl, and Pulumi before it applied on the server's side. */
const TAKEN_OVER: [manager: string, operation: string][] = [
    ["kubectl", "Apply"],
    ["kubectl", "Update"],
    ["before-first-apply", "Update"],
    ["pulumi-kubernetes", "Update"],
    ["pulumi-kubernetes.exe", "Update"],
    ["pulumi-resource-kubernetes", "Update"],
];

interface ManagedFields {
    manager?: string;
    operation?: string;
    subresource?: string;
    fieldsV1?: Fields;
    [key: string]: unknown;
}

interface Fields {
    [key: string]: Fields;
}

/** The annotation's name, else the state's. A state that has none, written by hand for example, gets one at random. */
export function fieldManagerOf(inputs: Properties, outputs: Properties): string {
    return (
        text(bag(inputs, "metadata", "annotations")["pulumi.com/patchFieldManager"]) ??
        text(outputs["__fieldManager"]) ??
        `pulumi-kubernetes-${randomBytes(4).toString("hex")}`
    );
}

/** Makes `fieldManager` the owner of what kubectl, or Pulumi's client-side apply, has set on an object. */
export async function takeOverFromOthers(api: ApiClient, path: string, fieldManager: string): Promise<void> {
    const live = await api.find(path);
    const managed = live && managersAfter(live, fieldManager);
    if (managed) {
        // Another change in between is refused, not undone.
        const { resourceVersion } = live.metadata;
        const patch = [
            { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
            { op: "replace", path: "/metadata/managedFields", value: managed },
        ];
        await api.request("PATCH", path, patch, "application/json-patch+json");
    }
}

/** The managers of an object once `fieldManager` has what others had; undefined where nobody had anything. */
export function managersAfter(live: KubernetesObject, fieldManager: string): ManagedFields[] | undefined {
    const all = (live.metadata["managedFields"] ?? []) as ManagedFields[];
    const isOthers = ({ manager, operation, subresource }: ManagedFields) =>
        !subresource && TAKEN_OVER.some(([name, how]) => name === manager && how === operation);
    const others = all.filter(isOthers);
    if (others.length === 0) {
        return undefined;
    }
    const isOwn = ({ manager, operation, subresource }: ManagedFields) =>
        manager === fieldManager && operation === "Apply" && !subresource;
    const own = all.find(isOwn) ?? { ...others[0], manager: fieldManager, operation: "Apply" };
    const fieldsV1 = [own, ...others].map((one) => one.fieldsV1 ?? {}).reduce(merged);
    return [...all.filter((one) => !isOthers(one) && !isOwn(one)), { ...own, fieldsV1 }];
}

function merged(one: Fields, other: Fields): Fields {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return Object.fromEntries(keys.map((key) => [key, merged(one[key] ?? {}, other[key] ?? {})]));
}

/** A conflict with another manager in the words of the official plugin; any other error as it is. */
export function conflictOf(error: unknown, fieldManager: string): unknown {
    if (error instanceof ApiError && error.reason === "Conflict") {
        error.message =
            "Server-Side Apply field conflict detected. See https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/" +
            "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help.\n" +
            `The resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`;
    }
    return error;
}
