import { isProperties, type Properties, reveal, Secret, type Value, without } from "../shared/values";

/**
 * The inputs as the live object has them now. An input stays as the program wrote it while the live value is the one
 * the API server made of it ("1000m" is stored as "1"): only what changed since then is drift. Fields and elements of a list
 * that the program never had are left out, as the official plugin does (pruneMap and pruneSlice of provider/pkg/provider/util.go
 * in pulumi/pulumi-kubernetes): the next update does not undo them.
 */
export function liveInputs(inputs: Properties, before: Properties, now: Properties): Properties {
    const live = follow(inputs, before, now) as Properties;
    const { stringData } = inputs;
    if (stringData !== undefined) {
        live["stringData"] = followStringData(stringData, reveal(before)["data"], reveal(now)["data"]);
    }
    return live;
}

function follow(input: Value, before: Value | undefined, now: Value | undefined): Value {
    if (input instanceof Secret) {
        return new Secret(follow(input.value, before, now));
    }
    const was = before instanceof Secret ? before.value : before;
    const is = now instanceof Secret ? now.value : now;
    if (isProperties(input) && isProperties(was) && isProperties(is)) {
        const entries = Object.entries(input).flatMap(([key, item]) => {
            const unchangedAbsence = is[key] === undefined && was[key] === undefined;
            if (is[key] === undefined && !unchangedAbsence) {
                return [];
            }
            return [[key, unchangedAbsence ? item : follow(item, was[key], is[key])] as const];
        });
        return Object.fromEntries(entries);
    }
    if (Array.isArray(input) && Array.isArray(is) && Array.isArray(was)) {
        return input.slice(0, is.length).map((item, index) => follow(item, was[index], is[index]));
    }
    return same(was, is) || is === undefined ? input : (reveal(is) as Value);
}

/** The API server keeps no stringData: its live form is the data it became. */
function followStringData(input: Value, before: Value | undefined, now: Value | undefined): Value {
    if (input instanceof Secret) {
        return new Secret(followStringData(input.value, before, now));
    }
    if (!isProperties(input) || !isProperties(now)) {
        return input;
    }
    const was = isProperties(before) ? before : {};
    const entries = Object.entries(input).flatMap(([key, item]): [string, Value][] => {
        const live = now[key];
        if (live === undefined) {
            return was[key] === undefined ? [[key, item]] : [];
        }
        const decoded = Buffer.from(live as string, "base64").toString("utf8");
        return [[key, live === was[key] ? item : item instanceof Secret ? new Secret(decoded) : decoded]];
    });
    return Object.fromEntries(entries);
}

function same(a: Value | undefined, b: Value | undefined): boolean {
    return JSON.stringify(reveal(a)) === JSON.stringify(reveal(b));
}

const serverMetadata = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];

/** The inputs that would make a live object, for an import. */
export function importedInputs(live: Properties): Properties {
    return { ...without(live, "status"), metadata: without(live["metadata"] as Properties, ...serverMetadata) };
}
