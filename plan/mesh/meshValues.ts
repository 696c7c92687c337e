import { validateProviderNames } from "../observability/providers";
import { Violation } from "../shared/violation";
import { FREE_VALUES, FreeValues, REASONS, VALUE_TYPES } from "./freeValues";
import { HelmValues } from "./helmValues";
import { MESH_CONFIG_ONEOFS } from "./meshConfigTypes";
import { isTree, unknownField, validateType } from "./valueTypes";

const TYPES = { fields: VALUE_TYPES, oneofs: MESH_CONFIG_ONEOFS };

/**
 * Refuses values of the `istiod` chart that weaken what the gateway relies on, that are not known to be safe, or that
 * Istio could not read. istiod ignores a MeshConfig with a single wrong type and starts with its defaults, which allow
 * calls to every host.
 */
export function validateValues(values: HelmValues, guarded: HelmValues): Violation[] {
    return [
        ...validateFields("values", "Values", values, FREE_VALUES, guarded),
        ...validateKeys(values, "values"),
        ...validateProviderNames(
            "values.meshConfig.extensionProviders",
            isTree(values["meshConfig"]) ? values["meshConfig"]["extensionProviders"] : undefined,
        ),
    ];
}

function validateFields(
    path: string,
    type: string,
    given: HelmValues,
    free: FreeValues,
    guarded: HelmValues,
): Violation[] {
    return Object.entries(given).flatMap(([key, value]): Violation[] => {
        const at = `${path}.${key}`;
        const field = fieldType(type, key);
        const expected = Object.hasOwn(guarded, key) ? guarded[key] : undefined;
        const allowed = Object.hasOwn(free, key) ? free[key] : undefined;
        if (expected !== undefined && !isTree(expected)) {
            return value === expected ? [] : [otherThanGuarded(at, value, expected)];
        }
        if (allowed === true && expected === undefined) {
            return field ? validateType(at, field, value, TYPES) : [];
        }
        if (allowed === undefined && expected === undefined) {
            return [notFree(at, key, type)];
        }
        return isTree(value)
            ? validateFields(at, field ?? "", value, isTree(allowed) ? allowed : {}, isTree(expected) ? expected : {})
            : [otherThanGuarded(at, value, {})];
    });
}

function fieldType(type: string, key: string): string | undefined {
    const entry = /^\{(.+)\}$/.exec(type)?.[1];
    return entry ?? (Object.hasOwn(VALUE_TYPES, type) ? VALUE_TYPES[type][key] : undefined);
}

function otherThanGuarded(path: string, value: unknown, expected: unknown): Violation {
    return {
        path,
        ...(isPlain(value) && { value }),
        problem: "differs from the value that the egress gateway relies on",
        expected: isTree(expected) ? "an object" : JSON.stringify(expected),
        fix: "Remove it from values; settings that can be changed have their own argument",
    };
}

function notFree(path: string, key: string, type: string): Violation {
    const known = Object.keys(VALUE_TYPES[type] ?? {});
    const reason = REASONS[key];
    // A field that does not exist is a misspelling. A field that exists but is not allowed gets its reason.
    if (reason === undefined && path.startsWith("values.meshConfig") && known.length > 0 && !known.includes(key)) {
        return unknownField(path, known);
    }
    return {
        path,
        problem: reason
            ? `cannot be set: it ${reason}`
            : "is not among the values that are known not to weaken the egress gateway's guarantees",
        expected: "a value that cannot weaken them: sizes, placement, labels, timeouts, tracing and metrics",
        fix: "Remove it. If the mesh needs it, install Istio yourself and pass the fields of that mesh to EgressGateway",
    };
}

function validateKeys(value: unknown, path: string): Violation[] {
    if (typeof value === "string" && isKey(value)) {
        return [
            {
                path,
                problem: "contains a private key, and Helm stores values readably in the cluster",
                expected: "no key material in Helm values",
                fix: "Pass the key to an EgressCredential",
            },
        ];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => validateKeys(item, `${path}[${index}]`));
    }
    return isTree(value) ? Object.entries(value).flatMap(([key, item]) => validateKeys(item, `${path}.${key}`)) : [];
}

function isKey(text: string): boolean {
    return text.includes("PRIVATE KEY-----");
}

/** Whether a violation may show the value. */
function isPlain(value: unknown): value is string | number | boolean {
    return typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && !isKey(value));
}
