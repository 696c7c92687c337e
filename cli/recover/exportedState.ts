import { CommandError } from "../commandError";

/** A resource as `pulumi stack export` writes it. Secrets in it are encrypted. */
export interface ExportedResource {
    urn: string;
    type: string;
    id?: string;
    provider?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    created?: string;
}

/** An operation that the engine had begun when it ended. */
export interface PendingOperation {
    resource: ExportedResource;
    type: string;
}

export interface ExportedState {
    version: number;
    deployment: {
        resources?: ExportedResource[];
        pending_operations?: PendingOperation[];
    };
}

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Reads what `pulumi stack export` wrote. */
export function readState(text: string): ExportedState {
    try {
        const state = JSON.parse(text) as ExportedState;
        const { deployment } = state;
        const { resources = [], pending_operations: pending = [] } = deployment;
        const all = [...resources, ...pending.map(({ resource }) => resource)];
        // An empty text can be spread too.
        const areLists = Array.isArray(resources) && Array.isArray(pending);
        const isWhole = all.every(({ urn, type }) => typeof urn === "string" && typeof type === "string");
        if (typeof deployment === "object" && areLists && isWhole) {
            return state;
        }
    } catch {
        // Falls through to the same message.
    }
    throw new CommandError("pulumi stack export wrote no state. Update the Pulumi CLI, and run it again.");
}

/** What names an object of a cluster. */
export interface ObjectName {
    apiVersion: string;
    kind: string;
    name: string;
    namespace?: string;
}

/** The object that a resource of the Kubernetes provider stands for; undefined for any other, and where its name is not known. */
export function objectOf({ type, inputs }: ExportedResource): ObjectName | undefined {
    if (!type.startsWith("kubernetes:") || !inputs) {
        return undefined;
    }
    const { name, namespace } = (type === RELEASE ? inputs : (inputs["metadata"] ?? {})) as Record<string, unknown>;
    const apiVersion = type === RELEASE ? "helm.sh/v3" : inputs["apiVersion"];
    const kind = type === RELEASE ? "Release" : inputs["kind"];
    if (typeof name !== "string" || typeof apiVersion !== "string" || typeof kind !== "string") {
        return undefined;
    }
    return { apiVersion, kind, name, ...(typeof namespace === "string" && namespace !== "" && { namespace }) };
}

/** The id that the Kubernetes provider gives an object. */
export function idOf({ namespace, name }: ObjectName): string {
    return namespace === undefined ? name : `${namespace}/${name}`;
}

/** When the stack began: none of its objects is older. */
export function beginOf({ deployment }: ExportedState): Date | undefined {
    const created = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.created;
    return created === undefined ? undefined : new Date(created);
}
