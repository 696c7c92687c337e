import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { CreateRequest } from "../../lab/standins/shared/standIn";
import { type Properties, Secret } from "../../lab/standins/shared/values";
import { TlsStandIn } from "../../lab/standins/tls/provider";
import { armOutputs, armResult } from "./arm";

/*
 * A stand-in for engine and plugins inside the test's own process: it records what is registered, and makes real keys
 * and certificates where the tls plugin would.
 */

export interface Recorded {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
    custom: boolean;
    urn: string;
    parent: string;
    provider: string;
    dependencies: string[];
    /** URN of what takes it along when it is deleted. */
    deletedWith: string;
    protect: boolean;
    /** Names of the inputs that hold a secret somewhere. */
    secrets: string[];
}

export interface Recorder {
    resources: Recorded[];
    /** URNs by the number of times that their outputs were registered. */
    outputs: Map<string, number>;
    /** The only resource with this name. */
    named(name: string): Recorded;
    ofType(type: string): Recorded[];
}

type Values = Record<string, unknown>;

export interface RecordOptions {
    /** In a preview, what plugins compute is unknown. */
    preview?: boolean;
    /** The private keys of earlier runs by name, which a state would have kept; new ones are added. */
    keys?: Map<string, Values>;
}

/** Sends everything that is registered from now on to a new recorder. */
export async function record(options: RecordOptions = {}): Promise<Recorder> {
    const { preview = false, keys = new Map<string, Values>() } = options;
    const recorder: Recorder = {
        resources: [],
        outputs: new Map(),
        named(name) {
            const found = this.resources.filter((resource) => resource.name === name);
            if (found.length !== 1) {
                throw new Error(`${found.length} resources are named ${name}`);
            }
            return found[0];
        },
        ofType(type) {
            return this.resources.filter((resource) => resource.type === type);
        },
    };
    const made = async (type: string, name: string, inputs: Values) => {
        const state = keys.get(name) ?? (await computed(type, name, inputs));
        if (type === "tls:index/privateKey:PrivateKey") {
            keys.set(name, state);
        }
        return state;
    };
    await pulumi.runtime.setMocks(
        {
            call: async ({ token, inputs }) => (await armResult(token, inputs as Values)) ?? (inputs as Values),
            newResource: async ({ type, name, inputs }) => ({
                id: preview ? undefined : `${name}-id`,
                state: { ...(inputs as Values), ...(preview ? {} : await made(type, name, plain(inputs) as Values)) },
            }),
        },
        "project",
        "stack",
        preview,
    );
    observe(recorder);
    return recorder;
}

/** The mocks are not told of parents and dependencies, nor of secrets; the requests to their monitor are. */
function observe(recorder: Recorder): void {
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) =>
        register(request, (error, response) => {
            if (response) {
                const object = request.getObject().toJavaScript();
                recorder.resources.push({
                    type: request.getType(),
                    name: request.getName(),
                    inputs: plain(object) as Values,
                    custom: request.getCustom(),
                    urn: response.getUrn(),
                    parent: request.getParent(),
                    provider: request.getProvider(),
                    dependencies: request.getDependenciesList(),
                    deletedWith: request.getDeletedwith(),
                    protect: request.getProtect() ?? false,
                    secrets: Object.keys(object).filter((key) => JSON.stringify(object[key]).includes(SECRET)),
                });
            }
            callback(error, response);
        });
    const finish = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
        recorder.outputs.set(request.getUrn(), (recorder.outputs.get(request.getUrn()) ?? 0) + 1);
        finish(request, callback);
    };
}

/** How `pulumi.runtime` marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** What it writes for what is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function secret(value: string): Values {
    return { [SIGNATURE]: SECRET, value };
}

function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    if ((value as Values)[SIGNATURE] === SECRET) {
        return plain((value as Values).value);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

interface Monitor {
    registerResource(request: ResourceRequest, callback: Callback<{ getUrn(): string }>): void;
    registerResourceOutputs(request: { getUrn(): string }, callback: Callback<unknown>): void;
}

type Callback<T> = (error: unknown, response?: T) => void;

interface ResourceRequest {
    getType(): string;
    getName(): string;
    getCustom(): boolean;
    getParent(): string;
    getProvider(): string;
    getDependenciesList(): string[];
    getDeletedwith(): string;
    getProtect(): boolean | undefined;
    getObject(): { toJavaScript(): Values };
}

const tls = new TlsStandIn("0.0.0");

/** What the real plugins would have added to the inputs. */
async function computed(type: string, name: string, inputs: Values): Promise<Values> {
    if (!type.startsWith("tls:")) {
        return armOutputs(type, name, inputs);
    }
    const { outputs } = await tls.create({ type, inputs: inputs as Properties, preview: false } as CreateRequest);
    return Object.fromEntries(
        Object.entries(outputs).map(([key, value]) => [
            key,
            value instanceof Secret ? secret(value.value as string) : value,
        ]),
    );
}

/**
 * Runs `program` as the engine would a program of its own, to the end of every registration. Throws what it throws, and
 * what registrations fail with; `recorder` then has what was registered all the same.
 */
export async function run<T>(recorder: Recorder, program: () => T): Promise<T> {
    let made: { value: T } | undefined;
    await pulumi.runtime.runInPulumiStack(() => {
        made = { value: program() };
        return Promise.resolve({});
    });
    await settled();
    // The stack is the test's, not the program's.
    recorder.resources = recorder.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
    return made!.value;
}

/** Ends when all registrations have; fails when one does. */
function settled(): Promise<void> {
    return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

const AnyOutput = pulumi.Output as unknown as new (
    resources: unknown[],
    value: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<unknown[]>,
) => pulumi.Output<never>;

/** An output that a preview does not know. */
export function unknownOutput<T>(): pulumi.Output<T> {
    const no = Promise.resolve(false);
    return new AnyOutput([], Promise.resolve(undefined), no, no, Promise.resolve([]));
}

/** What a secret or ordinary output holds; `undefined` while it is unknown. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return (output as unknown as { promise(withUnknowns?: boolean): Promise<T> }).promise();
}

/** The paths of the properties for which `program` is refused, before anything is registered. */
export async function refusedPaths(program: () => unknown, options: { preview?: boolean } = {}): Promise<string[]> {
    const recorder = await record(options);
    try {
        await run(recorder, program);
    } catch (error) {
        assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
        const registered = recorder.resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
        assert.deepEqual(registered, [], "refused before the first resource");
        const { message, errors } = error;
        for (const { propertyPath, reason } of errors ?? []) {
            assert.ok(message.includes(`${propertyPath}: ${reason}`), "hosts that print the message alone say it all");
        }
        return (errors ?? []).map(({ propertyPath }) => propertyPath);
    }
    throw new assert.AssertionError({ message: "nothing was refused" });
}

/** What fails while the registrations of `program` are under way, as the engine's process would report it. */
export async function failures(recorder: Recorder, program: () => unknown): Promise<Error[]> {
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const failed: Error[] = [];
    const first = new Promise<void>((resolve) => {
        process.on("unhandledRejection", (reason) => {
            failed.push(reason as Error);
            resolve();
        });
    });
    try {
        await run(recorder, program).catch((error: Error) => {
            failed.push(error);
        });
        if (failed.length === 0) {
            await first;
        }
        await settled().catch(() => undefined);
        // Rejections of one cause are reported turn by turn.
        for (let turn = 0; turn < 20; turn++) {
            await new Promise((resolve) => setImmediate(resolve));
        }
        return failed;
    } finally {
        process.removeAllListeners("unhandledRejection");
        listeners.forEach((listener) => process.on("unhandledRejection", listener));
    }
}
