import type { ChangeKind } from "./compare";
import type { Properties } from "./values";

/** What a stand-in implements: the engine's provider protocol in plain values. */
export interface StandIn {
    /** The package it stands in for, as in `pulumi-resource-<name>`. */
    name: string;
    /** The version of the official plugin it stands in for. */
    version: string;
    checkConfig?(news: Properties): Promise<CheckResult>;
    diffConfig?(oldInputs: Properties, news: Properties): Promise<DiffResult>;
    configure?(config: Properties, engine: Engine): Promise<void>;
    check(request: CheckRequest): Promise<CheckResult>;
    diff(request: DiffRequest): Promise<DiffResult>;
    create(request: CreateRequest): Promise<{ id: string; outputs: Properties }>;
    /** Undefined when the resource is gone. */
    read(request: ReadRequest): Promise<ReadResult | undefined>;
    update(request: UpdateRequest): Promise<{ outputs: Properties }>;
    delete(request: DeleteRequest): Promise<void>;
    /** Calls a function of the provider. */
    invoke?(request: InvokeRequest): Promise<Properties>;
}

/** Calls to the engine. */
export interface Engine {
    /** Shows a line, at a resource when it is about one; a passing line is only for the progress display. */
    log(severity: "info" | "warning", message: string, urn?: string, passing?: boolean): void;
    /** Aborted when the engine cancels the operation. */
    cancelled: AbortSignal;
}

interface Request {
    urn: string;
    /** The type token, as in `kubernetes:core/v1:Secret`. */
    type: string;
}
export interface CheckRequest extends Request {
    name: string;
    olds: Properties;
    news: Properties;
    /** For names: the same seed gives the same name when the engine asks again. */
    randomSeed: Uint8Array;
}
export interface CheckResult {
    inputs: Properties;
    failures?: { property: string; reason: string }[];
}
export interface DiffRequest extends Request {
    id: string;
    oldInputs: Properties;
    oldOutputs: Properties;
    news: Properties;
    ignoreChanges: string[];
}
export interface PropertyChange {
    kind: ChangeKind;
    replace?: boolean;
    /** False when the change is in what the provider computed and not in an input. */
    input?: boolean;
}
export interface DiffResult {
    /** By property path. */
    changes: Record<string, PropertyChange>;
    deleteBeforeReplace?: boolean;
}
export interface CreateRequest extends Request {
    inputs: Properties;
    preview: boolean;
    /** Zero when the program sets none. */
    timeoutSeconds: number;
}
export interface ReadRequest extends Request {
    id: string;
    /** Both are empty for an import. */
    inputs: Properties;
    outputs: Properties;
}
export interface ReadResult {
    id: string;
    inputs: Properties;
    outputs: Properties;
}
export interface UpdateRequest extends Request {
    id: string;
    oldInputs: Properties;
    oldOutputs: Properties;
    news: Properties;
    preview: boolean;
    timeoutSeconds: number;
}
export interface InvokeRequest {
    /** As in `azure-native:authorization:getClientConfig`. */
    token: string;
    args: Properties;
}
export interface DeleteRequest extends Request {
    id: string;
    inputs: Properties;
    outputs: Properties;
    timeoutSeconds: number;
}

/**
 * The resource exists but did not become what it should: the engine records it, shows the reasons, and tries an
 * update the next time.
 */
export class NotReady extends Error {
    constructor(
        message: string,
        readonly id: string,
        readonly inputs: Properties,
        readonly outputs: Properties,
        readonly reasons: string[],
    ) {
        super(message);
    }
}
