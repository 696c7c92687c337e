import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { isProperties, type Properties, reveal, type Value } from "../../shared/values";

/** The values of a release as helm gets them: the files in their order, and over them what the program gives. */
export function chartValues(inputs: Properties): Properties {
    const plain = reveal(inputs);
    const files = Array.isArray(plain["valueYamlFiles"]) ? plain["valueYamlFiles"] : [];
    const given = isProperties(plain["values"]) ? plain["values"] : {};
    const layers = [...files.map(readAsset), plain["allowNullValues"] === true ? given : withoutNulls(given)];
    return layers.reduce<Properties>((below, layer) => merge(below, layer) as Properties, {});
}

function readAsset(asset: Value): Properties {
    const { text, path } = (isProperties(asset) ? asset : {}) as { text?: string; path?: string };
    if (text === undefined && path === undefined) {
        throw new Error("the stand-in for kubernetes reads value files only as a text or from a path");
    }
    try {
        return (parse(text ?? readFileSync(path as string, "utf8")) ?? {}) as Properties;
    } catch (error) {
        // A YAML error quotes the line it stumbles over, and the line may hold a password.
        // eslint-disable-next-line preserve-caught-error
        throw new Error(`the value file ${path ?? "(text)"} can't be read: ${(error as Error).name}`);
    }
}

function merge(below: Value | undefined, above: Value): Value {
    if (!isProperties(below) || !isProperties(above)) {
        return above;
    }
    const entries = Object.entries(above).map(([key, item]) => [key, merge(below[key], item)]);
    return { ...below, ...Object.fromEntries(entries) } as Properties;
}

export function withoutNulls(value: Properties): Properties {
    const entries = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, isProperties(item) ? withoutNulls(item) : item]));
}
