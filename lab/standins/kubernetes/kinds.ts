import { type ApiClient, ApiError, Unreachable } from "./apiClient";

export interface Kind {
    apiVersion: string;
    kind: string;
}

/** `kubernetes:core/v1:Secret` -> v1, Secret; `kubernetes:apps/v1:Deployment` -> apps/v1, Deployment. */
export function kindOfType(type: string): Kind {
    const [, groupVersion, kind] = type.split(":");
    return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** The kinds of Kubernetes itself that live outside namespaces: known also when no cluster can be asked. */
export const clusterScoped = new Set([
    "Namespace",
    "Node",
    "PersistentVolume",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "StorageClass",
    "VolumeAttachment",
    "CSIDriver",
    "CSINode",
    "PriorityClass",
    "RuntimeClass",
    "IngressClass",
    "FlowSchema",
    "PriorityLevelConfiguration",
    "CertificateSigningRequest",
]);
function ofKubernetes(apiVersion: string): boolean {
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
    return !group.includes(".") || group.endsWith(".k8s.io");
}

interface ResourceList {
    resources: { name: string; kind: string; namespaced: boolean }[];
}

export class UnknownKind extends Error {}

/** What the API server calls each kind in its paths, asked once a group and version. */
export class Kinds {
    private readonly lists = new Map<string, Promise<ResourceList>>();

    constructor(private readonly api: ApiClient) {}

    async path({ apiVersion, kind }: Kind, namespace: string | undefined, name: string): Promise<string> {
        const resource = await this.resource({ apiVersion, kind });
        const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
        return `${root}${scope}/${resource.name}/${encodeURIComponent(name)}`;
    }

    /** Whether objects of the kind live in a namespace; a kind nobody knows yet is taken to. */
    async namespaced(kind: Kind): Promise<boolean> {
        if (ofKubernetes(kind.apiVersion) && clusterScoped.has(kind.kind)) {
            return false;
        }
        try {
            return (await this.resource(kind)).namespaced;
        } catch (error) {
            if (error instanceof UnknownKind || error instanceof Unreachable || error instanceof ApiError) {
                return true;
            }
            throw error;
        }
    }

    private async resource({ apiVersion, kind }: Kind): Promise<ResourceList["resources"][number]> {
        for (const fresh of [false, true]) {
            const list = await this.list(apiVersion, fresh);
            const found = list.resources.find((item) => item.kind === kind && !item.name.includes("/"));
            if (found) {
                return found;
            }
        }
        throw new UnknownKind(
            `the cluster knows no ${kind} of ${apiVersion}: is its CustomResourceDefinition installed?`,
        );
    }

    private async list(apiVersion: string, fresh: boolean): Promise<ResourceList> {
        const known = fresh ? undefined : this.lists.get(apiVersion);
        if (known) {
            return known;
        }
        const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const list = this.api.get<ResourceList>(path).catch((error: unknown) => {
            this.lists.delete(apiVersion);
            if (error instanceof ApiError && error.code === 404) {
                return { resources: [] };
            }
            throw error;
        });
        this.lists.set(apiVersion, list);
        return list;
    }
}
