import { parse } from "yaml";
import { compare, propertyPath } from "../../shared/compare";
import { redact } from "../../shared/redact";
import {
    type CheckResult,
    type CreateRequest,
    type DeleteRequest,
    type DiffRequest,
    type DiffResult,
    type Engine,
    NotReady,
    type ReadRequest,
    type ReadResult,
    type UpdateRequest,
} from "../../shared/standIn";
import {
    bag,
    hasUnknown,
    isProperties,
    markLike,
    type Properties,
    reveal,
    text,
    type Value,
} from "../../shared/values";
import type { Target } from "../kubeconfig";
import { chartValues, withoutNulls } from "./chartValues";
import { type Helm, HelmError, withHelm } from "./helm";
import { resourceNames } from "./resourceNames";
import { chartArguments, releaseArguments, repositoryName } from "./releaseArguments";

/** What helm knows of a release. */
interface Found {
    status: Properties;
    values: Properties;
    names: Properties;
}

/** `kubernetes:helm.sh/v3:Release`, by the helm command. */
export class Releases {
    constructor(
        private readonly target: Target,
        private readonly engine: Engine,
    ) {}

    /**
     * The inputs with the version of the chart, which is loaded in every preview as soon as all inputs are known (Check
     * and helmLoad in provider/pkg/provider/helm_release.go of pulumi-kubernetes): one that cannot be had fails there.
     */
    static async check(inputs: Properties): Promise<CheckResult> {
        if (hasUnknown(inputs)) {
            return { inputs };
        }
        try {
            return { inputs: { ...inputs, version: await withHelm(undefined, (helm) => chartVersion(helm, inputs)) } };
        } catch (error) {
            const why = redact((error as Error).message, inputs);
            const reason = `${why}; check the chart name and repository configuration.`;
            return { inputs, failures: [{ property: "chart", reason }] };
        }
    }

    static diff({ oldInputs, oldOutputs, news }: DiffRequest): DiffResult {
        const changes: DiffResult["changes"] = {};
        for (const { path, kind } of compare(oldInputs, news)) {
            changes[propertyPath(path)] = { kind, replace: path[0] === "name" || path[0] === "namespace" };
        }
        const state = bag(oldOutputs, "status")["status"];
        if (state !== undefined && state !== "deployed") {
            changes["status.status"] = { kind: "update", input: false };
        }
        return { changes };
    }

    async create({ inputs, preview, timeoutSeconds }: CreateRequest): Promise<{ id: string; outputs: Properties }> {
        if (preview) {
            return { id: "", outputs: inputs };
        }
        const outputs = await this.run("install", inputs, timeoutSeconds);
        return { id: idOf(inputs), outputs };
    }

    async update({ news, preview, timeoutSeconds }: UpdateRequest): Promise<{ outputs: Properties }> {
        return { outputs: preview ? news : await this.run("upgrade", news, timeoutSeconds) };
    }

    async read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
        const [namespace, name] = id.split("/");
        const found = await withHelm(this.target, (helm) => find(helm, namespace, name));
        if (!found) {
            return undefined;
        }
        if (Object.keys(inputs).length === 0) {
            const { chart, version } = found.status;
            const imported = { name, namespace, chart, version, values: found.values };
            return { id, inputs: imported, outputs: { ...imported, status: found.status, resourceNames: found.names } };
        }
        const live: Properties = { ...inputs };
        const expected = withoutNulls(chartValues(inputs));
        if (compare(expected, withoutNulls(found.values)).length > 0) {
            live["values"] = markLike(found.values, inputs["values"]);
        }
        const deployed = bag(outputs, "status")["version"];
        if (deployed !== undefined && deployed !== found.status["version"]) {
            live["version"] = found.status["version"];
        }
        return { id, inputs: live, outputs: outputsOf(live, found) };
    }

    async delete({ id, inputs, timeoutSeconds }: DeleteRequest): Promise<void> {
        const [namespace, name] = id.split("/");
        const seconds = timeoutSeconds || Number(reveal(inputs)["timeout"] ?? 0) || 300;
        const args = ["uninstall", name, "--namespace", namespace, "--wait", "--ignore-not-found"];
        if (inputs["disableWebhooks"] === true) {
            args.push("--no-hooks");
        }
        try {
            const { cancelled } = this.engine;
            await withHelm(this.target, (helm) => helm.run([...args, "--timeout", `${seconds}s`], { cancelled }));
        } catch (error) {
            throw this.named(error, "uninstalled", id, inputs);
        }
    }

    private async run(
        operation: "install" | "upgrade",
        inputs: Properties,
        timeoutSeconds: number,
    ): Promise<Properties> {
        const plain = reveal(inputs);
        const id = idOf(plain);
        if (hasUnknown(inputs)) {
            throw new Error(`release ${id} has inputs that are not known`);
        }
        return withHelm(this.target, async (helm) => {
            const [namespace, name] = id.split("/");
            const before = await find(helm, namespace, name).catch(() => undefined);
            try {
                await addRepositoryOf(helm, plain);
                const input = JSON.stringify(chartValues(inputs));
                const { cancelled } = this.engine;
                await helm.run(releaseArguments(operation, plain, timeoutSeconds), { input, cancelled });
            } catch (error) {
                const named = this.named(error, "installed", id, inputs);
                const after = await find(helm, namespace, name).catch(() => undefined);
                const changed = after && after.status["revision"] !== before?.status["revision"];
                // A failed release is there, and must be known as failed: the next update mends it.
                throw changed
                    ? new NotReady(named.message, id, inputs, outputsOf(inputs, after), [named.message])
                    : named;
            }
            const found = await find(helm, namespace, name);
            if (!found) {
                throw new Error(`release ${id} was installed and is not there`);
            }
            return outputsOf(inputs, found);
        });
    }

    /** Helm's own message under the release's name, without what is secret among the values. */
    private named(error: unknown, done: string, id: string, inputs: Properties): Error {
        const from = error instanceof HelmError ? "helm says: " : "";
        return new Error(redact(`release ${id} was not ${done}: ${from}${(error as Error).message}`, inputs));
    }
}

function idOf(inputs: Properties): string {
    return `${text(inputs["namespace"])}/${text(inputs["name"])}`;
}

async function addRepositoryOf(helm: Helm, inputs: Properties): Promise<void> {
    const { repo, ...rest } = bag(inputs, "repositoryOpts") as Record<string, string>;
    if (repo) {
        await helm.addRepository(repositoryName, { url: repo, ...rest });
    }
}

async function chartVersion(helm: Helm, inputs: Properties): Promise<string> {
    const plain = reveal(inputs);
    await addRepositoryOf(helm, plain);
    const chart = parse(await helm.run(["show", "chart", ...chartArguments(plain)])) as { version: string };
    return chart.version;
}

function outputsOf(inputs: Properties, found: Found): Properties {
    const { status, names } = found;
    return { ...inputs, version: status["version"], status, resourceNames: names };
}

async function find(helm: Helm, namespace: string, name: string): Promise<Found | undefined> {
    const place = [name, "--namespace", namespace, "--output", "json"];
    try {
        const release = JSON.parse(await helm.run(["status", ...place])) as {
            config?: Record<string, Value>;
            manifest?: string;
        };
        const metadata = JSON.parse(await helm.run(["get", "metadata", ...place])) as Record<string, string | number>;
        const { chart, version, appVersion, revision, status } = metadata;
        return {
            status: { name, namespace, chart, version, appVersion, revision, status },
            values: isProperties(release.config) ? release.config : {},
            names: resourceNames(release.manifest ?? "", namespace),
        };
    } catch (error) {
        if (error instanceof HelmError && error.message.includes("release: not found")) {
            return undefined;
        }
        throw error;
    }
}
