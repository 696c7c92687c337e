import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
    CredentialSource,
    EgressMode,
    GatewayTransport,
    KeyAlgorithm,
    MeshFlavour,
    Pki,
    PolicyEngine,
    PortProtocol,
    RouteVisibility,
} from "../components";
import { Violation, explain } from "../plan/shared/violation";
import { azure } from "./azureConfig";

/*
 * The shape of a stack's configuration: which keys there are, and of what type. What their values may be is decided in
 * plan/, where it holds for every user of the components.
 */

const charts = z
    .strictObject({ repository: z.string(), base: z.string(), istiod: z.string(), gateway: z.string() })
    .partial();

const mesh = z.strictObject({
    flavour: z.enum(MeshFlavour).optional(),
    charts: charts.optional(),
    version: z.string().optional(),
    namespace: z.string().optional(),
    trustDomain: z.string().optional(),
    hub: z.string().optional(),
    tag: z.string().optional(),
    revision: z.string().optional(),
    values: z.record(z.string(), z.unknown()).optional(),
    timeoutSeconds: z.number().optional(),
});

const toleration = z
    .strictObject({ key: z.string(), operator: z.string(), value: z.string(), effect: z.string() })
    .partial();

const gateway = z
    .strictObject({
        namespace: z.string(),
        createNamespace: z.boolean(),
        gatewayName: z.string(),
        minReplicas: z.number(),
        maxReplicas: z.number(),
        plaintextPort: z.boolean(),
        mountedCredentials: z.array(z.string()),
        nodeSelector: z.record(z.string(), z.string()),
        tolerations: z.array(toleration),
        resources: z.record(z.string(), z.unknown()),
        workers: z.number(),
        timeoutSeconds: z.number(),
    })
    .partial();

const lifetime = z.strictObject({ validityHours: z.number(), renewalHours: z.number() });

const certificates = z
    .strictObject({
        organization: z.string(),
        keyAlgorithm: z.enum(KeyAlgorithm),
        root: lifetime,
        intermediate: lifetime,
        leaf: lifetime,
        generations: z.array(z.number()),
        rotationTrigger: z.string(),
        revoked: z.array(z.strictObject({ serial: z.string(), revokedAt: z.string() })),
    })
    .partial();

const certManager = z.strictObject({ install: z.boolean(), namespace: z.string() }).partial();

const alerts = z
    .strictObject({
        namespace: z.string(),
        labels: z.record(z.string(), z.string()),
        warningHours: z.number(),
        lastHours: z.number(),
    })
    .partial();

const server = z.strictObject({
    hosts: z.array(z.string()),
    namespace: z.string().optional(),
    image: z.string().optional(),
    indexPage: z.string().optional(),
    replicas: z.number().optional(),
    openshift: z.boolean().optional(),
});

const caller = z.strictObject({ namespace: z.string(), serviceAccounts: z.array(z.string()).optional() });

const port = z.strictObject({ number: z.number(), protocol: z.enum(PortProtocol) });

const keyVault = z.strictObject({ vaultUrl: z.string(), certificate: z.string(), version: z.string().optional() });

const route = z.strictObject({
    name: z.string(),
    mode: z.enum(EgressMode).optional(),
    hosts: z.array(z.string()),
    allowFrom: z.array(caller),
    port: z.number().optional(),
    ports: z.array(port).optional(),
    address: z.string().optional(),
    maxConnectionSeconds: z.number().optional(),
    visibility: z.enum(RouteVisibility).optional(),
    gatewayTransport: z.enum(GatewayTransport).optional(),
    credentialSource: z.enum(CredentialSource).optional(),
    workloadLabels: z.record(z.string(), z.string()).optional(),
    serviceName: z.string().optional(),
    clientName: z.string().optional(),
    rotationTrigger: z.string().optional(),
    certificate: z.string().optional(),
    privateKey: z.string().optional(),
    keyVault: keyVault.optional(),
    clientCa: z.string().optional(),
    minRemainingHours: z.number().optional(),
    crl: z.string().optional(),
    serverCa: z.string().optional(),
});

const lockdown = z.strictObject({
    namespaces: z.array(z.string()),
    createNamespaces: z.boolean().optional(),
    policyEngine: z.enum(PolicyEngine),
    staticEgressGateway: z.boolean().optional(),
    gatewayEgress: z.array(
        z
            .strictObject({
                range: z.string(),
                namespace: z.string(),
                internet: z.boolean(),
                ports: z.array(z.number()),
            })
            .partial(),
    ),
    nodeDnsRanges: z.array(z.string()).optional(),
    istioCni: z.boolean().optional(),
    proxyImages: z.array(z.string()).optional(),
    administrators: z.array(z.string()).optional(),
    checkImage: z.string().optional(),
});

const probe = z.strictObject({
    namespace: z.string(),
    serviceAccount: z.string().optional(),
    image: z.string().optional(),
    timeoutSeconds: z.number().optional(),
    path: z.string().optional(),
    expectedStatus: z.number().optional(),
    expectedText: z.string().optional(),
});

const cluster = z.strictObject({ kubeconfig: z.string(), context: z.string() }).partial();

const stackConfig = z.strictObject({
    cluster: cluster.default({}),
    azure: azure.optional(),
    mesh,
    gateway: gateway.optional(),
    pki: z.enum(Pki).optional(),
    certManager: certManager.optional(),
    certificates: certificates.optional(),
    alerts: alerts.optional(),
    server: server.optional(),
    routes: z.array(route),
    callerNamespaces: z.array(z.string()).optional(),
    lockdown: lockdown.optional(),
    probe: probe.optional(),
});

export type StackConfig = z.infer<typeof stackConfig>;

/** Where configuration comes from; `pulumi.Config` is one. */
export interface ConfigSource {
    name: string;
    get(key: string): string | undefined;
}

/** Reads and checks the whole configuration of a stack; one error names everything that is wrong with it. */
export function readConfig(source: ConfigSource = new pulumi.Config()): StackConfig {
    const unreadable: Violation[] = [];
    const given: Record<string, unknown> = {};
    for (const [key, schema] of Object.entries(stackConfig.shape)) {
        const text = source.get(key);
        // Pulumi.yaml has no other way to say that an object is not set by default.
        if (text === undefined || text === "" || text === "{}") {
            continue;
        }
        if (unwrap(schema) instanceof z.ZodEnum) {
            given[key] = text;
            continue;
        }
        try {
            given[key] = JSON.parse(text);
        } catch {
            unreadable.push({
                path: key,
                problem: "is plain text",
                expected: "an object or a list",
                fix: `Write it as YAML under ${source.name}:${key} in the stack's file, or set parts of it with pulumi config set --path`,
            });
        }
    }
    const read = stackConfig.safeParse(given);
    const wrong = (read.error?.issues ?? [])
        .flatMap((issue) => violation(issue, given))
        // What could not be read is also missing, but saying so would mislead.
        .filter(({ path }) => !unreadable.some((one) => one.path === path));
    const violations = [...unreadable, ...wrong];
    if (violations.length > 0 || !read.success) {
        const lines = violations.map((one) => `  ${source.name}:${one.path}: ${explain(one)}`);
        throw new pulumi.RunError(`The configuration of this stack is refused:\n${lines.join("\n")}`);
    }
    return read.data;
}

function violation(issue: z.core.$ZodIssue, given: unknown): Violation[] {
    const path = issue.path.reduce<string>(
        (text, part) =>
            typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
        "",
    );
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => ({
            path: path ? `${path}.${key}` : key,
            problem: "is no setting",
            expected: `one of ${knownKeys(issue.path).join(", ")}`,
            fix: suggestion(key, knownKeys(issue.path)),
        }));
    }
    const value = issue.path.reduce<unknown>(
        (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
        given,
    );
    const missing = value === undefined;
    return [
        {
            path,
            ...(isShort(value) && { value }),
            problem: missing
                ? "is missing"
                : issue.code === "invalid_value"
                  ? "is none of the values that there are"
                  : `is ${kindOf(value)}`,
            expected: expectation(issue),
            fix: missing ? "Set it in the stack's file, Pulumi.<stack>.yaml" : "Correct it in the stack's file",
        },
    ];
}

function expectation(issue: z.core.$ZodIssue): string {
    if (issue.code === "invalid_type") {
        const names: Record<string, string> = {
            array: "a list",
            object: "an object",
            string: "text",
            record: "an object",
        };
        return names[issue.expected] ?? `a ${issue.expected}`;
    }
    if (issue.code === "invalid_value") {
        return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    }
    return issue.message;
}

function kindOf(value: unknown): string {
    if (Array.isArray(value)) {
        return "a list";
    }
    if (value === null) {
        return "empty";
    }
    return typeof value === "string" ? "text" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Whether a value may be repeated in an error: anything long could be key material in the wrong place. */
function isShort(value: unknown): value is string | number | boolean {
    return typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && value.length <= 80);
}

/** The settings that the schema has where a key was found. */
function knownKeys(path: PropertyKey[]): string[] {
    let schema: unknown = stackConfig;
    for (const part of path) {
        const inner = unwrap(schema);
        schema =
            typeof part === "number" ? (inner as z.ZodArray).element : (inner as z.ZodObject).shape[part as string];
    }
    return Object.keys((unwrap(schema) as z.ZodObject).shape);
}

function unwrap(schema: unknown): unknown {
    return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? unwrap(schema.unwrap()) : schema;
}

function suggestion(key: string, known: string[]): string {
    const same = known.find((candidate) => candidate.toLowerCase() === key.toLowerCase().replaceAll(/[-_]/g, ""));
    return same ? `Did you mean ${same}` : "Remove it";
}
