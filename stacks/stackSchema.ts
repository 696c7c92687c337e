import { packageSchema } from "../components/internal/packageSchema";
import {
    ObjectSpec,
    PackageSchema,
    TypeSpec,
    ValueSpec,
    componentOptions,
    objectOptions,
} from "../plan/arguments/packageSchema";
import { KeyVaultReference } from "./keyVault";

/** An existing cluster. */
export interface ClusterReference {
    /** Path or text of its kubeconfig. Default: the default kubeconfig. */
    kubeconfig?: string;
    /** Context of the kubeconfig. Default: its current context. */
    context?: string;
    /**
     * Identifier of the cluster, independent of its kubeconfig. Changing it replaces everything. Default: the stack's
     * name.
     */
    identifier?: string;
}

const text: ValueSpec = { type: "string", plain: true };
const clusterReference: Record<keyof ClusterReference, ValueSpec> = {
    kubeconfig: text,
    context: text,
    identifier: text,
};
const keyVaultReference: Record<keyof KeyVaultReference, ValueSpec> = {
    vaultUrl: text,
    certificate: text,
    version: text,
};

const typeOf = (properties: Record<string, ValueSpec>, required: string[]): TypeSpec => ({
    type: "object",
    properties,
    required,
});

/**
 * Settings of a stack's configuration: the arguments of an `AksEgressEnvironment` from the package's schema, with
 * `cluster` as an alternative to `azure`, and optionally a route's certificate in a Key Vault.
 */
export function stackSchema(schema: PackageSchema = packageSchema()): { schema: PackageSchema; options: ObjectSpec } {
    const name = (type: string) => `${schema.name}:index:${type}`;
    const environment = componentOptions(schema, "AksEgressEnvironment");
    const route = objectOptions(schema, "EnvironmentRoute");
    const types: PackageSchema["types"] = {
        ...schema.types,
        [name("ClusterReference")]: typeOf(clusterReference, []),
        [name("KeyVaultReference")]: typeOf(keyVaultReference, ["vaultUrl", "certificate"]),
        [name("EnvironmentRoute")]: typeOf(
            { ...route.properties, keyVault: { $ref: `#/types/${name("KeyVaultReference")}`, plain: true } },
            route.required ?? [],
        ),
    };
    return {
        schema: { ...schema, types },
        options: {
            properties: {
                cluster: { $ref: `#/types/${name("ClusterReference")}`, plain: true },
                ...environment.properties,
            },
            required: environment.required?.filter((option) => option !== "azure"),
        },
    };
}
