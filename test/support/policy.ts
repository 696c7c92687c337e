import { ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { ServiceError, credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { RawObject, objectRef } from "../../review/rawObject";

export interface Resource {
    type: string;
    name: string;
    props: Record<string, unknown>;
    /** Namespace of the provider. */
    namespace?: string;
}

/** What the engine sends for a value that is not known in a preview: any value of any type. */
export const NOT_KNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine sends for a secret. */
export function asSecret(value: unknown): object {
    return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** An object as @pulumi/kubernetes registers it. */
export function resourceOf(object: RawObject): Resource {
    const { kind, apiVersion } = object;
    const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    const { namespace, name } = objectRef(object);
    return { type: `kubernetes:${group}:${kind}`, name: `${namespace}-${name}`, props: { ...object } };
}

export function urnOf({ type, name }: Resource): string {
    return `urn:pulumi:test::test::${type}::${name}`;
}

export interface Violation {
    policy: string;
    level: Level;
    urn: string;
    message: string;
}

/**
 * The pack as the engine runs it: its own process, started by Pulumi's launcher for policy packs, and asked over the
 * engine's protocol.
 */
export class RunningPack {
    private constructor(
        private readonly process: ChildProcessByStdio<null, Readable, null>,
        private readonly client: AnalyzerClient,
    ) {}

    static async start(): Promise<RunningPack> {
        const launcher = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
        const folder = join(__dirname, "../../policy");
        // Without an engine, nothing listens at the address that the launcher is given; the pack never calls it.
        const pack = spawn(process.execPath, [launcher, "127.0.0.1:9", "."], {
            cwd: folder,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const port = await new Promise<string>((resolve, reject) => {
            createInterface(pack.stdout).once("line", resolve);
            pack.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}`)));
        });
        const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
        return new RunningPack(pack, client);
    }

    stop(): void {
        this.client.close();
        this.process.kill();
    }

    /** Its policies, as it tells the engine. */
    async policies(): Promise<{ name: string; level: Level }[]> {
        const info = await ask<analyzer.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new Empty(), done));
        return info.getPoliciesList().map((policy) => ({
            name: policy.getName(),
            level: LEVELS[policy.getEnforcementlevel()],
        }));
    }

    /** Configures some policies; every other one is as the pack has it. */
    async configure(config: Record<string, { level: Level } & Record<string, unknown>>): Promise<void> {
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [policy, { level, ...properties }] of Object.entries(config)) {
            const one = new analyzer.PolicyConfig();
            one.setEnforcementlevel(LEVELS.indexOf(level));
            one.setProperties(struct(properties));
            request.getPolicyconfigMap().set(policy, one);
        }
        await ask<unknown>((done) => this.client.configure(request, done));
    }

    /** What the whole pack says of a stack: of each resource, then of all together. */
    async violations(resources: Resource[], only?: string): Promise<Violation[]> {
        const stack = new analyzer.AnalyzeStackRequest();
        stack.setResourcesList(resources.map((resource) => fill(new analyzer.AnalyzerResource(), resource)));
        const answers = [
            ...(await Promise.all(
                resources.map((resource) => {
                    const request = fill(new analyzer.AnalyzeRequest(), resource);
                    return ask<analyzer.AnalyzeResponse>((done) => this.client.analyze(request, done));
                }),
            )),
            await ask<analyzer.AnalyzeResponse>((done) => this.client.analyzeStack(stack, done)),
        ];
        return answers
            .flatMap((answer) => answer.getDiagnosticsList())
            .filter((found) => only === undefined || found.getPolicyname() === only)
            .map((found) => ({
                policy: found.getPolicyname(),
                level: LEVELS[found.getEnforcementlevel()],
                urn: found.getUrn(),
                message: found.getMessage(),
            }));
    }

    /** The properties that the pack's remedies give a resource, or undefined if they leave it. */
    async remedied(resource: Resource): Promise<Record<string, unknown> | undefined> {
        const request = fill(new analyzer.AnalyzeRequest(), resource);
        const answer = await ask<analyzer.RemediateResponse>((done) => this.client.remediate(request, done));
        const [remediation] = answer.getRemediationsList();
        return remediation?.getProperties()?.toJavaScript();
    }
}

/** As the protocol numbers them. */
const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
export type Level = (typeof LEVELS)[number];

function ask<Answer>(call: (done: (error: ServiceError | null, answer: Answer) => void) => void): Promise<Answer> {
    return new Promise((resolve, reject) => call((error, answer) => (error ? reject(error) : resolve(answer))));
}

function fill<T extends analyzer.AnalyzeRequest | analyzer.AnalyzerResource>(message: T, resource: Resource): T {
    message.setType(resource.type);
    message.setName(resource.name);
    message.setUrn(urnOf(resource));
    message.setProperties(struct(resource.props));
    message.setOptions(new analyzer.AnalyzerResourceOptions());
    if (resource.namespace) {
        const provider = new analyzer.AnalyzerProviderResource();
        provider.setType("pulumi:providers:kubernetes");
        provider.setProperties(struct({ namespace: resource.namespace }));
        message.setProvider(provider);
    }
    return message;
}

function struct(value: object): Struct {
    return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Parameters<typeof Struct.fromJavaScript>[0]);
}
