import { DEFAULT_NAMESPACE } from "../../plan/shared/kubernetesObject";
import { CommandError } from "../commandError";
import { RunKubectl } from "../input/kubectl";
import {
    ExportedResource,
    ExportedState,
    ObjectName,
    PendingOperation,
    RELEASE,
    beginOf,
    objectOf,
} from "./exportedState";
import { HelmRecord, isStuck, newestRecord, statusOf } from "./helmRecord";
import { findLive, makers, providersManager } from "./liveObject";

/** An object that an interrupted update made and did not record. */
export interface Unrecorded {
    resource: ExportedResource;
    object: ObjectName;
    /** With server-side apply: who owns its fields. None for a release. */
    fieldManager?: string;
}

/** What an interrupted update left behind, and what becomes of it. */
export interface Recovery {
    /** In the cluster and not in the state: the state takes them up. */
    unrecorded: Unrecorded[];
    /** Releases that Helm refuses to touch: their record is marked as failed. */
    stuckReleases: HelmRecord[];
    /** Begun, and nothing of it is in the cluster: the next update does it again. */
    toRepeat: PendingOperation[];
    /** There is an object of that name, and this stack did not make it. */
    foreign: { object: ObjectName; why: string }[];
    /** Operations of other providers, which only they can look for. */
    elsewhere: PendingOperation[];
}

/** How many recorded objects are looked for, to tell whether kubectl reads the stack's cluster. */
const WITNESSES = 5;

/** Providers whose resources are in the state only: what was not recorded is nowhere. */
const STATE_ONLY = /^(pulumi|tls|random|command):/;

/** Looks in the cluster for what the operations that never ended have made. Only reads. */
export async function findRecovery(kubectl: RunKubectl, state: ExportedState): Promise<Recovery> {
    const { resources = [], pending_operations: pending = [] } = state.deployment;
    const recovery: Recovery = { unrecorded: [], stuckReleases: [], toRepeat: [], foreign: [], elsewhere: [] };
    const releases = resources.filter(({ type }) => type === RELEASE);
    if (pending.some(({ resource }) => objectOf(resource)) || releases.length > 0) {
        await expectCluster(kubectl, resources);
    }
    for (const operation of pending) {
        await look(kubectl, state, operation, recovery);
    }
    for (const release of releases) {
        await noteIfStuck(kubectl, release, recovery);
    }
    return recovery;
}

async function look(
    kubectl: RunKubectl,
    state: ExportedState,
    operation: PendingOperation,
    recovery: Recovery,
): Promise<void> {
    const { resource, type } = operation;
    const object = objectOf(resource);
    if (object === undefined) {
        const isState = STATE_ONLY.test(resource.type) || type !== "creating";
        (isState ? recovery.toRepeat : recovery.elsewhere).push(operation);
        return;
    }
    if (type !== "creating") {
        recovery.toRepeat.push(operation);
        return;
    }
    if (resource.type === RELEASE) {
        const record = await noteIfStuck(kubectl, resource, recovery);
        if (record) {
            recovery.unrecorded.push({ resource, object });
        } else {
            recovery.toRepeat.push(operation);
        }
        return;
    }
    const live = await findLive(kubectl, object);
    if (live === undefined) {
        recovery.toRepeat.push(operation);
        return;
    }
    const fieldManager = providersManager(live);
    const begin = beginOf(state);
    // The API server's times have no fractions of a second.
    if (begin && Date.parse(live.metadata.creationTimestamp) + 1000 <= begin.getTime()) {
        recovery.foreign.push({ object, why: "it is older than the stack" });
    } else if (fieldManager === undefined) {
        recovery.foreign.push({ object, why: `it was made by ${makers(live)}` });
    } else {
        recovery.unrecorded.push({ resource, object, fieldManager });
    }
}

/** The newest record of a release, which is kept where Helm would refuse the next update. */
async function noteIfStuck(
    kubectl: RunKubectl,
    release: ExportedResource,
    { stuckReleases }: Recovery,
): Promise<HelmRecord | undefined> {
    const { name, namespace = DEFAULT_NAMESPACE } = objectOf(release) ?? {};
    const record = name === undefined ? undefined : await newestRecord(kubectl, { name, namespace });
    if (record && isStuck(record)) {
        stuckReleases.push(record);
    }
    return record && statusOf(record) !== "uninstalled" ? record : undefined;
}

/** Fails where kubectl reads another cluster: objects that are not there would be taken for never made. */
async function expectCluster(kubectl: RunKubectl, resources: ExportedResource[]): Promise<void> {
    const uidOf = ({ outputs }: ExportedResource) => (outputs?.["metadata"] as { uid?: unknown } | undefined)?.uid;
    const witnesses = resources
        .filter((one) => typeof uidOf(one) === "string" && objectOf(one) !== undefined)
        .sort((a, b) => Number(isNamespace(b)) - Number(isNamespace(a)))
        .slice(0, WITNESSES);
    for (const witness of witnesses) {
        const live = await findLive(kubectl, objectOf(witness) as ObjectName);
        if (live?.metadata.uid === uidOf(witness)) {
            return;
        }
    }
    if (witnesses.length > 0) {
        throw new CommandError(
            `kubectl reads a different cluster from the stack's: none of ${witnesses.length} objects in the state exists there. Name the stack's cluster with --context or --kubeconfig.`,
        );
    }
}

function isNamespace({ type }: ExportedResource): boolean {
    return type === "kubernetes:core/v1:Namespace";
}
