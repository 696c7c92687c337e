import type { Path } from "../shared/compare";
import type { Kind } from "./kinds";

const always = ["metadata.name", "metadata.namespace", "apiVersion", "kind"];
const selector = ["spec.selector"];
/** What Kubernetes refuses to change in place; the same list as the official plugin's, for the kinds that matter here. */
const byKind: Record<string, string[]> = {
    "apps/v1/Deployment": selector,
    "apps/v1/DaemonSet": selector,
    "apps/v1/StatefulSet": [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "v1/PersistentVolumeClaim": ["spec"],
    "v1/Pod": ["spec"],
    "v1/ResourceQuota": ["spec.scopes"],
    "v1/Secret": ["type", "immutable"],
    "v1/Service": ["spec.clusterIP"],
    "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
    "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
};

export interface Mutability {
    secrets: boolean;
    configMaps: boolean;
}

/** Whether a change at `path` needs a new object. */
export function needsReplacement({ apiVersion, kind }: Kind, path: Path, mutable: Mutability): boolean {
    const name = `${apiVersion}/${kind}`;
    const fields = [...always, ...(byKind[name] ?? [])];
    if (name === "v1/Secret" && !mutable.secrets) {
        fields.push("data", "stringData");
    }
    if (name === "v1/ConfigMap" && !mutable.configMaps) {
        fields.push("data", "binaryData");
    }
    const changed = path.join(".");
    return fields.some((field) => changed === field || changed.startsWith(`${field}.`));
}
