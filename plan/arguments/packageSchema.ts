/*
 * The parts of the package's schema that the check of arguments and the reference documentation read. Pulumi's analyzer
 * makes the schema from the components' sources, so it holds each option once, as it is declared there.
 */

/** Type of a value. */
export interface ValueSpec {
    type?: "string" | "number" | "integer" | "boolean" | "array" | "object";
    /** Another type of the schema (`#/types/<token>`), or `pulumi.json#/Any`. */
    $ref?: string;
    items?: ValueSpec;
    /** Type of the values of an object whose keys are free. */
    additionalProperties?: ValueSpec;
    /** True if the value must be known before the program registers the component. */
    plain?: boolean;
    description?: string;
}

/** The options of a component or of an object. */
export interface ObjectSpec {
    properties: Record<string, ValueSpec>;
    required?: string[];
    description?: string;
}

/** The allowed values of an enum. */
export interface EnumSpec {
    type: "string" | "number";
    enum: { name: string; value: string | number; description?: string }[];
}

export type TypeSpec = ({ type: "object" } & ObjectSpec) | EnumSpec;

export interface ComponentSpec {
    inputProperties?: Record<string, ValueSpec>;
    requiredInputs?: string[];
    /** The outputs. */
    properties?: Record<string, ValueSpec>;
    description?: string;
}

export interface PackageSchema {
    name: string;
    resources: Record<string, ComponentSpec>;
    types: Record<string, TypeSpec>;
}

const ANY = "pulumi.json#/Any";
const TYPES = "#/types/";

export function isAny({ $ref }: ValueSpec): boolean {
    return $ref === ANY;
}

/** The type that a value refers to. Undefined if its spec has no reference. */
export function referredType(schema: PackageSchema, { $ref }: ValueSpec): TypeSpec | undefined {
    if ($ref === undefined || $ref === ANY) {
        return undefined;
    }
    const found = schema.types[$ref.slice(TYPES.length)];
    if (!$ref.startsWith(TYPES) || found === undefined) {
        throw new Error(`the schema of ${schema.name} has no type ${$ref}`);
    }
    return found;
}

export function isEnum(type: TypeSpec): type is EnumSpec {
    return "enum" in type;
}

/** The options of a component, by the name of its class. */
export function componentOptions(schema: PackageSchema, component: string): ObjectSpec {
    const found = schema.resources[`${schema.name}:index:${component}`];
    if (!found) {
        throw new Error(`the schema of ${schema.name} has no component ${component}; run npm run schema`);
    }
    const { inputProperties = {}, requiredInputs, description } = found;
    return { properties: inputProperties, required: requiredInputs, description };
}

/** The options of an object type, by its name. */
export function objectOptions(schema: PackageSchema, name: string): ObjectSpec {
    const found = schema.types[`${schema.name}:index:${name}`];
    if (!found || isEnum(found)) {
        throw new Error(`the schema of ${schema.name} has no object type ${name}; run npm run schema`);
    }
    return found;
}

/** The same options without some. */
export function withoutOptions({ properties, required = [] }: ObjectSpec, ...names: string[]): ObjectSpec {
    return {
        properties: Object.fromEntries(Object.entries(properties).filter(([key]) => !names.includes(key))),
        required: required.filter((key) => !names.includes(key)),
    };
}
