import { CommandError } from "../commandError";
import { RunKubectl } from "../input/kubectl";
import { ObjectName } from "./exportedState";

/** The part of a live object that tells who made it, and when. */
export interface LiveObject {
    metadata: {
        uid: string;
        creationTimestamp: string;
        managedFields?: { manager?: string; operation?: string; subresource?: string }[];
    };
}

/** Prefix of the field managers of the Kubernetes provider; what follows is another for each object. */
const MANAGER = /^pulumi-kubernetes(-|$)/;

/** The object in the cluster; undefined where there is none, or not even its kind. */
export async function findLive(kubectl: RunKubectl, wanted: ObjectName): Promise<LiveObject | undefined> {
    const { apiVersion, kind, name, namespace } = wanted;
    const manifest = JSON.stringify({ apiVersion, kind, metadata: { name, namespace } });
    const { code, stdout, stderr } = await kubectl(
        ["get", "-f", "-", "--ignore-not-found", "--show-managed-fields", "-o", "json"],
        manifest,
    );
    if (code === 0) {
        // A list, because kubectl may find nothing; then it writes nothing.
        return stdout.trim() === "" ? undefined : (JSON.parse(stdout) as { items: LiveObject[] }).items[0];
    }
    if (/no matches for kind|ensure CRDs are installed first|\(NotFound\)/.test(stderr)) {
        return undefined;
    }
    throw new CommandError(
        `kubectl cannot read ${kind} ${name}: ${stderr.trim().split("\n")[0]}. Name the stack's cluster with --context or --kubeconfig.`,
    );
}

/** The field manager with which the Kubernetes provider made the object; undefined where something else made it. */
export function providersManager({ metadata }: LiveObject): string | undefined {
    return metadata.managedFields?.find(
        ({ manager, operation, subresource }) =>
            MANAGER.test(manager ?? "") && (operation === undefined || operation === "Apply") && !subresource,
    )?.manager;
}

/** Who made the object, for people. */
export function makers({ metadata }: LiveObject): string {
    const all = new Set(metadata.managedFields?.map(({ manager }) => manager ?? "").filter(Boolean));
    return [...all].join(", ") || "unknown";
}
