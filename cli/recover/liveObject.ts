import { isRecord } from "../../plan/shared/isRecord";
import { fields, text } from "../../review/fields";
import { CommandError } from "../commandError";
import { RunKubectl } from "../input/kubectl";
import { otherForm, printedJson, reasonIn } from "../input/printed";
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
        return stdout.trim() === "" ? undefined : firstIn(printedJson("kubectl get", stdout));
    }
    if (/no matches for kind|ensure CRDs are installed first|\(NotFound\)/.test(stderr)) {
        return undefined;
    }
    throw new CommandError(
        `kubectl cannot read ${kind} ${name}: ${reasonIn(stderr)}. Name the stack's cluster with --context or --kubeconfig.`,
    );
}

/** An object that is overlooked would be taken for one that was never made. */
function firstIn(printed: unknown): LiveObject | undefined {
    const { items } = fields(printed);
    if (!Array.isArray(items) || !items.slice(0, 1).every(isLive)) {
        throw otherForm("kubectl get");
    }
    return items[0] as LiveObject | undefined;
}

function isLive(value: unknown): boolean {
    const { uid, creationTimestamp, managedFields = [] } = fields(fields(value).metadata);
    return (
        [uid, creationTimestamp].every((one) => text(one) !== undefined) &&
        Array.isArray(managedFields) &&
        managedFields.every(isRecord)
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
