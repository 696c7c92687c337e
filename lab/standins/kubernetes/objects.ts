import { setTimeout as pause } from "node:timers/promises";
import { compare, propertyPath } from "../shared/compare";
import { redact } from "../shared/redact";
import {
    type CreateRequest,
    type DeleteRequest,
    type DiffRequest,
    type DiffResult,
    type Engine,
    NotReady,
    type ReadRequest,
    type ReadResult,
    type UpdateRequest,
} from "../shared/standIn";
import { bag, hasUnknown, type Properties, reveal, text, without } from "../shared/values";
import { type ApiClient, ApiError, type KubernetesObject, Unreachable } from "./apiClient";
import { waitUntilGone, waitUntilReady } from "./await/waitUntil";
import { importedInputs, liveInputs } from "./drift";
import { conflictOf, fieldManagerOf, takeOverFromOthers } from "./fieldManager";
import { type Kind, type Kinds, kindOfType, UnknownKind } from "./kinds";
import { manifestOf, outputsOf, previewOf } from "./manifest";
import { type Mutability, needsReplacement } from "./replacements";

export interface ObjectSettings {
    mutable: Mutability;
    /** Take objects over that are there already, instead of refusing. */
    upsert: boolean;
    patchForce: boolean;
    deleteUnreachable: boolean;
}

interface Address extends Kind {
    namespace?: string;
    name: string;
}

const defaultSeconds = 600;
/** Those that own pods: their pods must be gone before they count as deleted. */
const workloads = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"]);

/** Everything but a Helm release: one object of the API server a resource. */
export class Objects {
    constructor(
        private readonly api: ApiClient,
        private readonly kinds: Kinds,
        private readonly settings: ObjectSettings,
        private readonly engine: Engine,
    ) {}

    static diff(request: DiffRequest, mutable: Mutability): DiffResult {
        const { type, oldInputs, oldOutputs, news } = request;
        const kind = kindOfType(type);
        const changes: DiffResult["changes"] = {};
        for (const change of compare(oldInputs, news)) {
            changes[propertyPath(change.path)] = {
                kind: change.kind,
                replace: needsReplacement(kind, change.path, mutable),
            };
        }
        const annotations = bag(news, "metadata", "annotations");
        if (kind.kind === "Job" && annotations["pulumi.com/replaceUnready"] === "true" && jobFailed(oldOutputs)) {
            changes["status"] = { kind: "update", replace: true, input: false };
        }
        // Two objects can't have one name: the old one goes first, unless the new one has a name of its own.
        const [was, is] = [bag(oldInputs, "metadata"), bag(news, "metadata")];
        const sameName = was["name"] === is["name"] && was["namespace"] === is["namespace"];
        return { changes, deleteBeforeReplace: sameName && Object.values(changes).some(({ replace }) => replace) };
    }

    async create(request: CreateRequest): Promise<{ id: string; outputs: Properties }> {
        const { inputs, preview, timeoutSeconds, urn } = request;
        if (preview && hasUnknown(inputs)) {
            return { id: "", outputs: inputs };
        }
        const address = addressOf(request.type, inputs);
        const fieldManager = fieldManagerOf(inputs, {});
        const live = await this.naming(address, "created", [inputs], async () => {
            const path = await this.knownPath(address, preview);
            const existing = await this.api.find(path);
            if (existing && preview) {
                // What is about to be replaced is still there: a dry run would be one against the old object.
                return undefined;
            }
            if (existing && !this.settings.upsert) {
                throw new Error("it exists already; import it, or set upsertExistingObjects on the provider");
            }
            return this.apply(path, inputs, fieldManager, preview);
        }).catch((error: unknown) => this.withoutCluster(error, preview));
        if (!live) {
            return { id: "", outputs: inputs };
        }
        const outputs = outputsOf(live, inputs, fieldManager);
        if (preview) {
            return { id: "", outputs: previewOf(outputs, inputs) };
        }
        const id = idOf(live);
        return { id, outputs: await this.settled(address, id, urn, inputs, outputs, timeoutSeconds, "created") };
    }

    async update(request: UpdateRequest): Promise<{ outputs: Properties }> {
        const { id, news, oldOutputs, preview, timeoutSeconds, urn } = request;
        if (preview && hasUnknown(news)) {
            return { outputs: news };
        }
        const address = addressOf(request.type, news);
        const fieldManager = fieldManagerOf(news, oldOutputs);
        const live = await this.naming(address, "updated", [news, request.oldInputs], async () => {
            const path = await this.knownPath(address, preview);
            if (!preview) {
                await takeOverFromOthers(this.api, path, fieldManager);
            }
            return this.apply(path, news, fieldManager, preview);
        }).catch((error: unknown) => this.withoutCluster(error, preview));
        if (!live) {
            return { outputs: { ...oldOutputs, ...news } };
        }
        const outputs = outputsOf(live, news, fieldManager);
        if (preview) {
            return { outputs };
        }
        return { outputs: await this.settled(address, id, urn, news, outputs, timeoutSeconds, "updated") };
    }

    async read(request: ReadRequest): Promise<ReadResult | undefined> {
        const imported = Object.keys(request.inputs).length === 0;
        const address = imported ? addressOfId(request.type, request.id) : addressOf(request.type, request.inputs);
        let live: KubernetesObject | undefined;
        try {
            live = await this.api.find(await this.kinds.path(address, address.namespace, address.name));
        } catch (error) {
            // Without its definition there can be no object.
            if (error instanceof UnknownKind || (error instanceof Unreachable && this.settings.deleteUnreachable)) {
                return undefined;
            }
            throw error;
        }
        if (!live) {
            return undefined;
        }
        const fieldManager = fieldManagerOf(request.inputs, request.outputs);
        const outputs = outputsOf(live, request.inputs, fieldManager);
        if (imported) {
            const object = without(outputs, "__fieldManager", "__initialApiVersion");
            return { id: request.id, inputs: importedInputs(object), outputs };
        }
        return { id: request.id, inputs: liveInputs(request.inputs, request.outputs, outputs), outputs };
    }

    async delete(request: DeleteRequest): Promise<void> {
        const address = addressOfId(request.type, request.id);
        const seconds = request.timeoutSeconds || defaultSeconds;
        await this.naming(address, "deleted", [request.inputs], async () => {
            let path: string;
            let live: KubernetesObject | undefined;
            try {
                path = await this.kinds.path(address, address.namespace, address.name);
                live = await this.api.find(path);
            } catch (error) {
                if (error instanceof UnknownKind) {
                    return;
                }
                if (error instanceof Unreachable && this.settings.deleteUnreachable) {
                    this.engine.log(
                        "warning",
                        "the cluster can't be reached; dropped from the state only",
                        request.urn,
                    );
                    return;
                }
                throw error;
            }
            if (!live) {
                return;
            }
            const policy = live.metadata.annotations?.["pulumi.com/deletionPropagationPolicy"]?.toLowerCase();
            const byKind = workloads.has(address.kind) ? "Foreground" : "Background";
            const propagationPolicy = policy ? policy[0].toUpperCase() + policy.slice(1) : byKind;
            const preconditions = { uid: live.metadata.uid };
            try {
                await this.api.request("DELETE", path, { propagationPolicy, preconditions });
            } catch (error) {
                if (!(error instanceof ApiError) || ![404, 409].includes(error.code)) {
                    throw error;
                }
            }
            if (skipsAwait(live)) {
                return;
            }
            const patience = { seconds, cancelled: this.engine.cancelled };
            if (!(await waitUntilGone(this.api, path, live.metadata.uid as string, patience))) {
                const finalizers = (live.metadata["finalizers"] as string[] | undefined) ?? [];
                const holding = finalizers.length > 0 ? `; finalizers: ${finalizers.join(", ")}` : "";
                throw new Error(`it is still there after ${seconds} s${holding}`);
            }
        });
    }

    private apply(path: string, inputs: Properties, fieldManager: string, preview: boolean): Promise<KubernetesObject> {
        const manifest = manifestOf(inputs);
        const annotation = bag(manifest, "metadata", "annotations")["pulumi.com/patchForce"];
        const force = annotation === "true" || (this.settings.patchForce && annotation !== "false");
        const query = `fieldManager=${fieldManager}&force=${force}${preview ? "&dryRun=All" : ""}`;
        return this.api
            .request<KubernetesObject>("PATCH", `${path}?${query}`, manifest, "application/apply-patch+yaml")
            .catch((error: unknown) => {
                throw conflictOf(error, fieldManager);
            });
    }

    /** Waits until the object is ready; the engine keeps an object that is not, with the reasons. */
    private async settled(
        address: Address,
        id: string,
        urn: string,
        inputs: Properties,
        outputs: Properties,
        timeoutSeconds: number,
        done: string,
    ): Promise<Properties> {
        const annotations = bag(inputs, "metadata", "annotations");
        if (annotations["pulumi.com/skipAwait"] === "true") {
            return outputs;
        }
        const seconds = timeoutSeconds || Number(annotations["pulumi.com/timeoutSeconds"] ?? 0) || defaultSeconds;
        const fieldManager = text(outputs["__fieldManager"]) as string;
        try {
            const path = await this.kinds.path(address, address.namespace, address.name);
            const { live, reasons } = await waitUntilReady(this.api, path, {
                seconds,
                cancelled: this.engine.cancelled,
                onProgress: (why) => this.engine.log("info", why, urn, true),
            });
            const settled = outputsOf(live, inputs, fieldManager);
            if (reasons.length === 0) {
                return settled;
            }
            const told = reasons.map((reason) => redact(reason, inputs));
            const headline = address.kind === "Job" ? "failed" : `was ${done} but did not become ready`;
            // The engine shows the reasons only.
            const [first, ...others] = told;
            const message = `${nameOf(address)} ${headline}: ${first}`;
            throw new NotReady(message, id, inputs, settled, [message, ...others]);
        } catch (error) {
            if (error instanceof NotReady) {
                throw error;
            }
            const why = redact((error as Error).message, inputs);
            const message = `${nameOf(address)} was ${done}, but: ${why}`;
            throw new NotReady(message, id, inputs, outputs, [message]);
        }
    }

    /** A definition that was installed a moment ago takes the API server a moment to serve. */
    private async knownPath(address: Address, preview: boolean): Promise<string> {
        for (let attempt = 0; ; attempt++) {
            try {
                return await this.kinds.path(address, address.namespace, address.name);
            } catch (error) {
                if (!(error instanceof UnknownKind) || preview || attempt >= 20) {
                    throw error;
                }
                await pause(500, undefined, { signal: this.engine.cancelled });
            }
        }
    }

    /** Puts the object's name in front of an error, and takes the program's secrets out of it. */
    private async naming<T>(address: Address, done: string, inputs: Properties[], work: () => Promise<T>): Promise<T> {
        try {
            return await work();
        } catch (error) {
            const { message } = error as Error;
            const from = error instanceof ApiError ? "the API server says: " : "";
            (error as Error).message = redact(`${nameOf(address)} was not ${done}: ${from}${message}`, ...inputs);
            throw error;
        }
    }

    /** A preview does without a cluster, without a namespace and without a definition: they may be yet to come. */
    private withoutCluster(error: unknown, preview: boolean): undefined {
        const missing = error instanceof ApiError && error.code === 404;
        if (preview && (error instanceof Unreachable || error instanceof UnknownKind || missing)) {
            return undefined;
        }
        throw error;
    }
}

function addressOf(type: string, inputs: Properties): Address {
    const { name, namespace } = bag(inputs, "metadata");
    const kind = kindOfType(type);
    return { ...kind, name: name as string, namespace: text(namespace) };
}

function addressOfId(type: string, id: string): Address {
    const parts = id.split("/");
    return { ...kindOfType(type), name: parts.pop() as string, namespace: parts.pop() };
}

function idOf({ metadata }: KubernetesObject): string {
    return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

function nameOf({ kind, namespace, name }: Address): string {
    return `${kind.toLowerCase()} ${namespace ? `${namespace}/` : ""}${name}`;
}

function skipsAwait(live: KubernetesObject): boolean {
    return live.metadata.annotations?.["pulumi.com/skipAwait"] === "true";
}

function jobFailed(outputs: Properties): boolean {
    const { conditions } = bag(outputs, "status");
    const list = (reveal(conditions) ?? []) as { type?: string; status?: string }[];
    // Its controller writes the second one first, and an update ends with that.
    return list.some(({ type, status }) => (type === "Failed" || type === "FailureTarget") && status === "True");
}
