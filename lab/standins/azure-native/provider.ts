import { compare, type Path, propertyPath } from "../shared/compare";
import { autoName } from "../shared/autoName";
import type {
    CheckRequest,
    CheckResult,
    CreateRequest,
    DeleteRequest,
    DiffRequest,
    DiffResult,
    InvokeRequest,
    ReadRequest,
    ReadResult,
    StandIn,
    UpdateRequest,
} from "../shared/standIn";
import {
    hasUnknown,
    isProperties,
    markLike,
    type Properties,
    reveal,
    text,
    unknown,
    type Value,
} from "../shared/values";
import { account, callerOf, guid } from "./account";
import { type Drift, driftOf, versionOf } from "./drift";
import { type Kind, kindOf, pathInputs } from "./kinds";
import { userKubeconfig } from "./kubeconfig";
import { type Known, missingKubeletRole, refuseMisfit, refuseReader, refuseUnregistered } from "./refusals";

/**
 * Answers as Azure's resource manager does, and makes nothing: every resource is what its inputs say, and lives in the
 * stack's state only.
 */
export class AzureStandIn implements StandIn {
    readonly name = "azure-native";
    /**
     * How often AKS has yet to answer that a role of the cluster's identity is missing: after MESH_EGRESS_AKS_ROLES_LATE requests it is
     * in force. AKS asks before it makes anything (error codes of its resource provider).
     */
    private rolesLacking = Number(process.env["MESH_EGRESS_AKS_ROLES_LATE"] ?? 0);
    private readonly caller = callerOf();
    private readonly known: Known = new Map();

    constructor(readonly version: string) {}

    check({ type, name, urn, olds, news, randomSeed }: CheckRequest): Promise<CheckResult> {
        const names = pathInputs(kindOf(type));
        const own = names.at(-1) as string;
        if (Object.keys(olds).length > 0) {
            this.remember(type, olds);
        }
        const inputs = { ...news };
        inputs[own] ??= olds[own] ?? (own === "roleAssignmentName" ? guid(urn) : autoName(name, urn, randomSeed));
        const failures = names
            .filter((input) => inputs[input] === undefined || inputs[input] === null)
            .map((input) => ({ property: input, reason: `the stand-in for azure-native needs ${input}` }));
        return Promise.resolve({ inputs, failures });
    }

    diff({ type, oldInputs, news }: DiffRequest): Promise<DiffResult> {
        const kind = kindOf(type);
        const changes: DiffResult["changes"] = {};
        for (const { path, kind: change } of compare(oldInputs, news)) {
            changes[propertyPath(path)] = { kind: change, replace: isFixed(kind, path) };
        }
        // The name of what is replaced is given, so the old one has to go first.
        return Promise.resolve({ changes, deleteBeforeReplace: true });
    }

    create({ type, inputs, preview }: CreateRequest): Promise<{ id: string; outputs: Properties }> {
        const kind = kindOf(type);
        if (preview) {
            const shape = added(kind, "", inputs);
            return Promise.resolve({ id: "", outputs: merge(inputs, notYet(shape, inputs) as Properties) });
        }
        const id = idOf(kind, inputs);
        refuseReader(this.caller, kind, id, "write");
        refuseUnregistered(kind);
        refuseMisfit(type, reveal(inputs), this.known);
        if (type.endsWith(":ManagedCluster") && this.rolesLacking-- > 0) {
            throw missingKubeletRole();
        }
        this.remember(type, inputs);
        return Promise.resolve({ id, outputs: outputsOf(kind, id, inputs) });
    }

    private remember(type: string, inputs: Properties): void {
        this.known.set(idOf(kindOf(type), inputs), { type, inputs: reveal(inputs) });
    }

    read({ id, type, inputs, outputs }: ReadRequest): Promise<ReadResult | undefined> {
        if (Object.keys(outputs).length === 0) {
            throw new Error("the stand-in for azure-native has nothing that could be imported");
        }
        const happened = process.env["MESH_EGRESS_AKS_DRIFT"] as Drift | undefined;
        if (happened) {
            const drift = driftOf(happened, type, reveal(inputs));
            return Promise.resolve({
                id,
                inputs: { ...inputs, ...drift },
                outputs: { ...outputs, ...drift, ...versionOf(happened, type, reveal(inputs)) },
            });
        }
        return Promise.resolve({ id, inputs, outputs });
    }

    update({ id, type, oldInputs, news, preview }: UpdateRequest): Promise<{ outputs: Properties }> {
        const kind = kindOf(type);
        if (preview) {
            return Promise.resolve({ outputs: outputsOf(kind, id, news) });
        }
        refuseReader(this.caller, kind, id, "write");
        const { refused = [] } = kind;
        const changed = compare(oldInputs, news).find(({ path }) => isAmong(refused, path));
        if (changed) {
            const property = propertyPath(changed.path);
            return Promise.reject(
                new Error(
                    `PropertyChangeNotAllowed: Changing property '${property}' is not allowed (stand-in for ARM)`,
                ),
            );
        }
        this.remember(type, news);
        return Promise.resolve({ outputs: outputsOf(kind, id, news) });
    }

    delete({ type, id }: DeleteRequest): Promise<void> {
        refuseReader(this.caller, kindOf(type), id, "delete");
        if (kindOf(type).deniesDelete) {
            return Promise.reject(
                new Error(`403 ForbiddenByRbac: the caller may not delete ${id} (stand-in for Azure)`),
            );
        }
        return Promise.resolve();
    }

    invoke({ token, args }: InvokeRequest): Promise<Properties> {
        switch (token) {
            case "azure-native:authorization:getClientConfig":
                return Promise.resolve({
                    ...account,
                    clientId: this.caller.clientId,
                    objectId: this.caller.objectId,
                });
            case "azure-native:containerservice:listManagedClusterUserCredentials":
                return Promise.resolve({
                    kubeconfigs: [
                        {
                            name: "clusterUser",
                            value: Buffer.from(userKubeconfig(text(args["resourceName"]) ?? "")).toString("base64"),
                        },
                    ],
                });
            default:
                throw new Error(`the stand-in for azure-native has no ${token}`);
        }
    }
}

function isFixed(kind: Kind, path: Path): boolean {
    return isAmong([...pathInputs(kind), ...(kind.fixed ?? [])], path);
}

function isAmong(properties: string[], path: Path): boolean {
    const given = path.map((key) => (typeof key === "number" ? "*" : key));
    return properties.some((fixed) =>
        fixed.split(".").every((key, index) => given[index] === undefined || given[index] === key),
    );
}

function idOf(kind: Kind, inputs: Properties): string {
    const values: Record<string, string | undefined> = { subscriptionId: account.subscriptionId };
    return kind.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? text(inputs[name]) ?? "");
}

function outputsOf(kind: Kind, id: string, inputs: Properties): Properties {
    return markLike(merge(inputs, added(kind, id, inputs)), inputs) as Properties;
}

function added(kind: Kind, id: string, inputs: Properties): Properties {
    const name = inputs[pathInputs(kind).at(-1) as string];
    return { name, ...kind.computed?.(id, reveal(inputs)) };
}

/** What is in `shape` and not in `inputs`, as not known yet. */
function notYet(shape: Value, inputs: Value | undefined): Value {
    if (isProperties(shape)) {
        return Object.fromEntries(
            Object.entries(shape).map(([key, value]) => [
                key,
                notYet(value, isProperties(inputs) && key !== "name" ? inputs[key] : undefined),
            ]),
        );
    }
    if (Array.isArray(shape) && Array.isArray(inputs)) {
        return shape.map((value, index) => notYet(value, inputs[index]));
    }
    return inputs === undefined && shape !== undefined ? unknown : shape;
}

function merge(under: Properties, over: Properties): Properties {
    const merged = { ...under };
    for (const [key, value] of Object.entries(over)) {
        const below = merged[key];
        merged[key] = isProperties(below) && isProperties(value) && !hasUnknown(below) ? merge(below, value) : value;
    }
    return merged;
}
