import * as grpc from "@grpc/grpc-js";
import * as providerService from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { EngineLog } from "./engineLog";
import { dieWithEngine } from "./lifetime";
import { type CheckResult, type DiffResult, NotReady, type StandIn } from "./standIn";
import { decode, encode, type Properties } from "./values";

// Secrets in the state are large; the engine itself allows 400 MB.
const maximumMessage = 400 * 1024 * 1024;

/**
 * Runs a stand-in as the engine runs a plugin: it listens on a port of its choice, says which on standard output, and
 * ends with the engine. It uses the protocol itself, because the provider server of @pulumi/pulumi passes neither the
 * configuration nor previews, timeouts or detailed differences on.
 */
export async function serve(standIn: StandIn): Promise<void> {
    const log = new EngineLog(process.argv[2]);
    const server = new grpc.Server({
        "grpc.max_receive_message_length": maximumMessage,
        "grpc.max_send_message_length": maximumMessage,
    });
    server.addService(providerService.ResourceProviderService, handlers(standIn, log));
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        );
    });
    dieWithEngine(process.argv[2] !== undefined);
    process.stdout.write(`${port}\n`);
}

/** A gRPC handler from an async function; the error the engine gets is the message alone, without a stack. */
function answer<Q, A>(handle: (request: Q) => A | Promise<A>): grpc.handleUnaryCall<Q, A> {
    return (call: grpc.ServerUnaryCall<Q, A>, callback: grpc.sendUnaryData<A>) => {
        Promise.resolve()
            .then(() => handle(call.request))
            .then((response) => callback(null, response))
            .catch((error: Error) => callback(statusOf(error)));
    };
}

function handlers(standIn: StandIn, log: EngineLog): grpc.UntypedServiceImplementation {
    const typeOf = (urn: string) => urn.split("::")[2].split("$").pop() as string;
    return {
        handshake: answer((request: messages.ProviderHandshakeRequest) => {
            log.connect(request.getEngineAddress());
            return new messages.ProviderHandshakeResponse().setAcceptSecrets(true);
        }),
        attach: answer((request: { getAddress(): string }) => {
            log.connect(request.getAddress());
            return new Empty();
        }),
        getPluginInfo: answer(() => new PluginInfo().setVersion(standIn.version)),
        getSchema: answer(() => new messages.GetSchemaResponse().setSchema("{}")),
        checkConfig: answer(async (request: messages.CheckRequest) => {
            const news = unpack(request.getNews());
            return checkResponse(standIn.checkConfig ? await standIn.checkConfig(news) : { inputs: news });
        }),
        diffConfig: answer(async (request: messages.DiffRequest) => {
            const result = await standIn.diffConfig?.(
                unpack(request.getOldInputs() ?? request.getOlds()),
                unpack(request.getNews()),
            );
            return diffResponse(result ?? { changes: {} });
        }),
        configure: answer(async (request: messages.ConfigureRequest) => {
            await standIn.configure?.(unpack(request.getArgs()), log);
            log.log("info", `stand-in for the official ${standIn.name} plugin (tests and demo only)`);
            return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
        }),
        check: answer(async (request: messages.CheckRequest) =>
            checkResponse(
                await standIn.check({
                    urn: request.getUrn(),
                    type: typeOf(request.getUrn()),
                    name: request.getUrn().split("::").slice(3).join("::"),
                    olds: unpack(request.getOlds()),
                    news: unpack(request.getNews()),
                    randomSeed: request.getRandomseed_asU8(),
                }),
            ),
        ),
        diff: answer(async (request: messages.DiffRequest) =>
            diffResponse(
                await standIn.diff({
                    id: request.getId(),
                    urn: request.getUrn(),
                    type: typeOf(request.getUrn()),
                    oldInputs: unpack(request.getOldInputs()),
                    oldOutputs: unpack(request.getOlds()),
                    news: unpack(request.getNews()),
                    ignoreChanges: request.getIgnorechangesList(),
                }),
            ),
        ),
        create: answer(async (request: messages.CreateRequest) => {
            const { id, outputs } = await standIn.create({
                urn: request.getUrn(),
                type: typeOf(request.getUrn()),
                inputs: unpack(request.getProperties()),
                preview: request.getPreview(),
                timeoutSeconds: request.getTimeout(),
            });
            return new messages.CreateResponse().setId(id).setProperties(pack(outputs));
        }),
        read: answer(async (request: messages.ReadRequest) => {
            const found = await standIn.read({
                id: request.getId(),
                urn: request.getUrn(),
                type: typeOf(request.getUrn()),
                inputs: unpack(request.getInputs()),
                outputs: unpack(request.getProperties()),
            });
            const response = new messages.ReadResponse();
            return found
                ? response.setId(found.id).setInputs(pack(found.inputs)).setProperties(pack(found.outputs))
                : response;
        }),
        update: answer(async (request: messages.UpdateRequest) => {
            const { outputs } = await standIn.update({
                id: request.getId(),
                urn: request.getUrn(),
                type: typeOf(request.getUrn()),
                oldInputs: unpack(request.getOldInputs()),
                oldOutputs: unpack(request.getOlds()),
                news: unpack(request.getNews()),
                preview: request.getPreview(),
                timeoutSeconds: request.getTimeout(),
            });
            return new messages.UpdateResponse().setProperties(pack(outputs));
        }),
        delete: answer(async (request: messages.DeleteRequest) => {
            await standIn.delete({
                id: request.getId(),
                urn: request.getUrn(),
                type: typeOf(request.getUrn()),
                inputs: unpack(request.getOldInputs()),
                outputs: unpack(request.getProperties()),
                timeoutSeconds: request.getTimeout(),
            });
            return new Empty();
        }),
        invoke: answer(async (request: messages.InvokeRequest) => {
            const token = request.getTok();
            if (!standIn.invoke) {
                throw new Error(`the stand-in for ${standIn.name} has no function ${token}`);
            }
            const result = await standIn.invoke({ token, args: unpack(request.getArgs()) });
            return new messages.InvokeResponse().setReturn(pack(result));
        }),
        cancel: answer(() => {
            log.cancel();
            return new Empty();
        }),
    };
}

function unpack(struct: Struct | undefined): Properties {
    return struct ? (decode(struct.toJavaScript()) as Properties) : {};
}

function pack(properties: Properties): Struct {
    return Struct.fromJavaScript(encode(properties) as Record<string, JavaScriptValue>);
}

function checkResponse(result: CheckResult): messages.CheckResponse {
    const failures = (result.failures ?? []).map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property).setReason(reason),
    );
    return new messages.CheckResponse().setInputs(pack(result.inputs)).setFailuresList(failures);
}

function diffResponse(result: DiffResult): messages.DiffResponse {
    const { DiffChanges } = messages.DiffResponse;
    const { Kind } = messages.PropertyDiff;
    const kinds = {
        add: [Kind.ADD, Kind.ADD_REPLACE],
        delete: [Kind.DELETE, Kind.DELETE_REPLACE],
        update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    };
    const paths = Object.keys(result.changes);
    const response = new messages.DiffResponse()
        .setChanges(paths.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
        .setReplacesList(paths.filter((path) => result.changes[path].replace))
        .setDiffsList([...new Set(paths.map((path) => path.split(/[.[]/)[0]))])
        .setDeletebeforereplace(result.deleteBeforeReplace ?? false)
        .setHasdetaileddiff(true);
    for (const path of paths) {
        const { kind, replace, input } = result.changes[path];
        const change = new messages.PropertyDiff().setKind(kinds[kind][replace ? 1 : 0]).setInputdiff(input ?? true);
        response.getDetaileddiffMap().set(path, change);
    }
    return response;
}

/** An error as gRPC carries it; a resource that exists but is not ready travels in the status details. */
function statusOf(error: Error): Partial<grpc.StatusObject> {
    const metadata = new grpc.Metadata();
    if (error instanceof NotReady) {
        const detail = new messages.ErrorResourceInitFailed()
            .setId(error.id)
            .setProperties(pack(error.outputs))
            .setInputs(pack(error.inputs))
            .setReasonsList(error.reasons);
        const details = new Any();
        details.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
        const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(error.message);
        status.addDetails(details);
        metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    }
    return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}
