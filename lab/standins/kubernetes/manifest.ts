import {
    isProperties,
    markLike,
    type Properties,
    reveal,
    Secret,
    unknown,
    type Value,
    without,
} from "../shared/values";
import type { KubernetesObject } from "./apiClient";

/** What to send to the API server for the inputs of a resource. */
export function manifestOf(inputs: Properties): Properties {
    const manifest = withoutNulls(reveal(inputs)) as Properties;
    if (isProperties(manifest["stringData"]) && manifest["kind"] === "Secret") {
        // The API server would turn it into data that belongs to nobody: a key left out later would stay for ever.
        const entries = Object.entries(manifest["stringData"]);
        const data = entries.map(([key, value]) => [key, Buffer.from(value as string).toString("base64")]);
        manifest["data"] = { ...(manifest["data"] as Properties), ...Object.fromEntries(data) } as Properties;
        delete manifest["stringData"];
    }
    return manifest;
}

function withoutNulls(value: Value): Value {
    if (Array.isArray(value)) {
        return value.map(withoutNulls);
    }
    if (isProperties(value)) {
        const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
        return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
    }
    return value;
}

/** The outputs for a live object: all of it, with what is secret marked. */
export function outputsOf(live: KubernetesObject, inputs: Properties, fieldManager: string): Properties {
    const metadata = without(live.metadata as unknown as Properties, "managedFields");
    const outputs = markLike({ ...live, metadata }, inputs) as Properties;
    if (live.kind === "Secret") {
        for (const property of ["data", "stringData"]) {
            if (outputs[property] !== undefined && !(outputs[property] instanceof Secret)) {
                outputs[property] = new Secret(reveal(outputs[property]) as Value);
            }
        }
    }
    outputs["__fieldManager"] = fieldManager;
    outputs["__initialApiVersion"] = live.apiVersion as string;
    return outputs;
}

/** A dry run invents what only a real creation decides: that is unknown, and must not reach the program as a value. */
export function previewOf(outputs: Properties, inputs: Properties): Properties {
    const preview = without(outputs, "status");
    const metadata = without(preview["metadata"] as Properties, "resourceVersion");
    preview["metadata"] = { ...metadata, uid: unknown, creationTimestamp: unknown };
    const spec = preview["spec"];
    const asked = reveal(inputs)["spec"];
    if (preview["kind"] === "Service" && isProperties(spec)) {
        const decided = isProperties(asked) ? asked : {};
        const open = ["clusterIP", "clusterIPs"].filter((key) => key in spec && !("clusterIP" in decided));
        preview["spec"] = { ...spec, ...Object.fromEntries(open.map((key) => [key, unknown])) };
    }
    return preview;
}
