import { gunzipSync, gzipSync } from "node:zlib";
import { fields, text } from "../../review/fields";
import { CommandError } from "../commandError";
import { RunKubectl } from "../input/kubectl";
import { otherForm, printedJson, reasonIn } from "../input/printed";

/** Where helm keeps a revision of a release: a Secret. */
export interface HelmRecord {
    apiVersion: "v1";
    kind: "Secret";
    metadata: { name: string; namespace: string; labels: Record<string, string> };
    data: { release: string };
}

/** The statuses with which helm refuses every further operation, because another one seems to be under way. */
const PENDING = ["pending-install", "pending-upgrade", "pending-rollback"];

/** The newest record of a release; undefined where helm knows no such release. */
export async function newestRecord(
    kubectl: RunKubectl,
    { name, namespace }: { name: string; namespace: string },
): Promise<HelmRecord | undefined> {
    const { code, stdout, stderr } = await kubectl([
        ...["get", "secrets", "--namespace", namespace, "--selector", `owner=helm,name=${name}`, "-o", "json"],
    ]);
    if (code !== 0) {
        throw new CommandError(
            `kubectl cannot read the Secrets of namespace ${namespace}, where Helm keeps its releases: ${reasonIn(stderr)}. Run the command as a user who may list them.`,
        );
    }
    const { items } = fields(printedJson("kubectl get secrets", stdout));
    // A record that is overlooked would be taken for a release that was never made.
    if (!Array.isArray(items) || !items.every(isHelmRecord)) {
        throw otherForm("kubectl get secrets");
    }
    const revision = (record: HelmRecord) => Number(record.metadata.labels["version"]);
    return items.sort((a, b) => revision(b) - revision(a))[0];
}

function isHelmRecord(value: unknown): value is HelmRecord {
    const { name, namespace, labels } = fields(fields(value).metadata);
    const { name: release, version } = fields(labels);
    return [name, namespace, release, version].every((one) => text(one) !== undefined);
}

export function statusOf({ metadata }: HelmRecord): string {
    return metadata.labels["status"] ?? "unknown";
}

/** Whether Helm refuses to touch the release. */
export function isStuck(record: HelmRecord): boolean {
    return PENDING.includes(statusOf(record));
}

/**
 * The record as Helm itself writes it when an operation is interrupted and Helm can still say so: failed. An upgrade of
 * a failed release is allowed, and keeps what runs.
 *
 * Throws a `CommandError` for a record that Helm cannot read either. Helm skips such a record, but writes no other one
 * with its name. Without it, Helm goes on from the record before it. If there is none, Helm installs the release again,
 * and takes over the objects whose annotations name the release.
 */
export function markedAsFailed(record: HelmRecord): HelmRecord {
    const failed = failedText(record);
    const { metadata } = record;
    if (failed === undefined) {
        const { name, namespace, labels } = metadata;
        throw new CommandError(
            `The Helm record ${name} of the release ${namespace}/${labels["name"]} is empty, cut off or damaged, so that Helm cannot continue with the release. Delete only this record with \`kubectl delete secret ${name} --namespace ${namespace}\`. What runs stays. Then run this command again, and update with \`pulumi up --refresh\`. Do not use \`helm uninstall\`, which removes what runs.`,
        );
    }
    const release = Buffer.from(gzipSync(failed).toString("base64")).toString("base64");
    return {
        ...record,
        metadata: { ...metadata, labels: { ...metadata.labels, status: "failed" } },
        data: { ...record.data, release },
    };
}

/** The JSON text of a record with the status failed; undefined where the record is not as Helm writes it. */
function failedText(record: HelmRecord): string | undefined {
    try {
        const packed = Buffer.from(Buffer.from(record.data.release, "base64").toString("utf8"), "base64");
        const text = gunzipSync(packed).toString("utf8");
        // The text is changed in place: reading and writing its numbers could change them. The status of the release is the first.
        const failed = text.replace(`"status":"${statusOf(record)}"`, `"status":"failed"`);
        const { info } = JSON.parse(failed) as { info: { status: string } };
        return info.status === "failed" ? failed : undefined;
    } catch {
        return undefined;
    }
}
