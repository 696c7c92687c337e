import { compare, propertyPath } from "../shared/compare";
import { autoName } from "../shared/autoName";
import type {
    CheckRequest,
    CheckResult,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    DiffResult,
    Engine,
    ReadRequest,
    ReadResult,
    StandIn,
    UpdateRequest,
} from "../shared/standIn";
import { bag, flag, isProperties, type Properties, Secret, text } from "../shared/values";
import { ApiClient, Unreachable } from "./apiClient";
import { clusterScoped, kindOfType, Kinds } from "./kinds";
import { readKubeconfig, type Target } from "./kubeconfig";
import { Objects } from "./objects";
import { Releases } from "./release/releases";

const releaseType = "kubernetes:helm.sh/v3:Release";

/** Puts Kubernetes objects and Helm releases into a real cluster. */
export class KubernetesStandIn implements StandIn {
    readonly name = "kubernetes";
    private engine?: Engine;
    private config: Properties = {};
    private target?: Target;
    /** Why there is no cluster to talk to. */
    private absence = "the provider was not configured";
    private kinds?: Kinds;
    private objects?: Objects;
    private releases?: Releases;

    constructor(readonly version: string) {}

    checkConfig(news: Properties): Promise<CheckResult> {
        const { kubeconfig } = news;
        const hidden = kubeconfig === undefined || kubeconfig instanceof Secret ? kubeconfig : new Secret(kubeconfig);
        return Promise.resolve({ inputs: hidden === undefined ? news : { ...news, kubeconfig: hidden } });
    }

    diffConfig(olds: Properties, news: Properties): Promise<DiffResult> {
        // Another cluster means that everything in it has to be made anew; new credentials do not.
        // An identifier that is added replaces nothing, as in testdata/diffconfig/add-cluster-identifier of the official plugin.
        const [was, is] = [text(olds["clusterIdentifier"]), text(news["clusterIdentifier"])];
        const moved = is
            ? was !== undefined && is !== was
            : serverOf(olds) !== undefined && serverOf(news) !== undefined && serverOf(olds) !== serverOf(news);
        const changes: DiffResult["changes"] = {};
        for (const { path, kind } of compare(olds, news)) {
            const decides = ["kubeconfig", "context", "cluster", "clusterIdentifier"].includes(String(path[0]));
            changes[propertyPath(path)] = { kind, replace: moved && decides };
        }
        return Promise.resolve({ changes });
    }

    configure(config: Properties, engine: Engine): Promise<void> {
        this.config = config;
        this.engine = engine;
        try {
            this.target = readTarget(config);
        } catch (error) {
            // The cluster may be made by this very program: only what really needs it may fail.
            this.absence = (error as Error).message;
            return Promise.resolve();
        }
        const api = new ApiClient(this.target);
        this.kinds = new Kinds(api);
        const option = (name: string, variable: string) => flag(config[name] ?? process.env[`PULUMI_K8S_${variable}`]);
        this.objects = new Objects(
            api,
            this.kinds,
            {
                mutable: this.mutability(),
                upsert: option("upsertExistingObjects", "UPSERT_EXISTING_OBJECTS"),
                patchForce: option("enablePatchForce", "ENABLE_PATCH_FORCE"),
                deleteUnreachable: option("deleteUnreachable", "DELETE_UNREACHABLE"),
            },
            engine,
        );
        this.releases = new Releases(this.target, engine);
        return Promise.resolve();
    }

    async check({ type, name, urn, olds, news, randomSeed }: CheckRequest): Promise<CheckResult> {
        if (type.endsWith("Patch") || type.endsWith("List")) {
            return { inputs: news, failures: [{ property: "", reason: `the stand-in for kubernetes has no ${type}` }] };
        }
        if (type === releaseType) {
            const inputs = { ...news };
            inputs["name"] ??= olds["name"] ?? autoName(name, urn, randomSeed);
            inputs["namespace"] ??= this.defaultNamespace();
            return Releases.check(inputs);
        }
        const kind = kindOfType(type);
        const inputs: Properties = { ...news, apiVersion: kind.apiVersion, kind: kind.kind };
        if (news["metadata"] !== undefined && !isProperties(news["metadata"])) {
            // Not known yet, or secret as a whole: there is nothing to fill in.
            return { inputs };
        }
        const metadata: Properties = { ...news["metadata"] };
        if (metadata["name"] === undefined || metadata["name"] === null) {
            const old = bag(olds, "metadata");
            const wasAutomatic = bag(old, "annotations")["pulumi.com/autonamed"] === "true";
            metadata["name"] = wasAutomatic ? old["name"] : autoName(name, urn, randomSeed);
            metadata["annotations"] = { ...(metadata["annotations"] as Properties), "pulumi.com/autonamed": "true" };
        }
        if (metadata["namespace"] === undefined || metadata["namespace"] === null) {
            const namespaced = this.kinds ? await this.kinds.namespaced(kind) : !clusterScoped.has(kind.kind);
            if (namespaced) {
                metadata["namespace"] = this.defaultNamespace();
            }
        }
        inputs["metadata"] = metadata;
        return { inputs };
    }

    diff(request: DiffRequest): Promise<DiffResult> {
        const isRelease = request.type === releaseType;
        return Promise.resolve(isRelease ? Releases.diff(request) : Objects.diff(request, this.mutability()));
    }

    create(request: CreateRequest): Promise<{ id: string; outputs: Properties }> {
        if (request.preview && !this.objects) {
            return Promise.resolve({ id: "", outputs: request.inputs });
        }
        return this.handler(request.type).create(request);
    }

    read(request: ReadRequest): Promise<ReadResult | undefined> {
        return this.handler(request.type).read(request);
    }

    update(request: UpdateRequest): Promise<{ outputs: Properties }> {
        if (request.preview && !this.objects) {
            return Promise.resolve({ outputs: { ...request.oldOutputs, ...request.news } });
        }
        return this.handler(request.type).update(request);
    }

    delete(request: DeleteRequest): Promise<void> {
        if (!this.objects && flag(this.config["deleteUnreachable"])) {
            this.engine?.log("warning", `${this.absence}; dropped from the state only`, request.urn);
            return Promise.resolve();
        }
        return this.handler(request.type).delete(request);
    }

    private handler(type: string): Objects | Releases {
        const handler = type === releaseType ? this.releases : this.objects;
        if (!handler) {
            throw new Unreachable(`there is no cluster to talk to: ${this.absence}`);
        }
        return handler;
    }

    private mutability() {
        const { enableSecretMutable, enableConfigMapMutable } = this.config;
        const { PULUMI_K8S_ENABLE_SECRET_MUTABLE, PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE } = process.env;
        return {
            secrets: flag(enableSecretMutable ?? PULUMI_K8S_ENABLE_SECRET_MUTABLE),
            configMaps: flag(enableConfigMapMutable ?? PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE),
        };
    }

    private defaultNamespace(): string {
        return text(this.config["namespace"]) ?? this.target?.namespace ?? "default";
    }
}

function readTarget(config: Properties): Target {
    return readKubeconfig(text(config["kubeconfig"]), text(config["context"]), text(config["cluster"]));
}

function serverOf(config: Properties): string | undefined {
    try {
        return readTarget(config).cluster.server;
    } catch {
        return undefined;
    }
}
