import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider";
import * as components from "./index";
import { plainInputs } from "./internal/plainInputs";

/*
 * The package as a plugin, for programs in other languages: the engine starts package.json's `main`, which is this
 * file. Pulumi's own host for components would analyze the sources at each start, for which it needs the compiler, all
 * type declarations and half a minute. The package already contains the schema that it would find.
 */

const schema = readFileSync(join(__dirname, "..", "..", "schema.json"), "utf8");
const {
    name: packageName,
    version,
    resources,
} = JSON.parse(schema) as {
    name: string;
    version: string;
    resources: Record<string, { properties?: Record<string, unknown> }>;
};

type Component = new (
    name: string,
    args: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/**
 * Runs `make`, and turns a refusal into an error of its message alone. The message has every reason already. The engine
 * would print the reasons of the properties a second time, each with the property's value, and engines such as 3.253 also
 * with the secrets in that value (`errorToMessage` in pkg/resource/deploy/source_eval.go).
 */
function reportedOnce<T>(make: () => T): T {
    try {
        return make();
    } catch (error) {
        throw pulumi.InputPropertiesError.isInstance(error) ? new Error(error.message, { cause: error }) : error;
    }
}

const plugin: pulumi.provider.Provider = {
    version,
    schema,
    async construct(name, type, inputs, opts) {
        const known = resources[type];
        const component = type.split(":")[2];
        const Made = (components as unknown as Record<string, Component>)[component];
        if (!known || !Made) {
            throw new Error(`${packageName} ${version} has no component ${type}`);
        }
        const given = await plainInputs(component, inputs);
        const made = reportedOnce(() => new Made(name, given, opts));
        const outputs = made as unknown as pulumi.Inputs;
        const state = Object.fromEntries(Object.keys(known.properties ?? {}).map((key) => [key, outputs[key]]));
        return { urn: made.urn, state };
    },
};

void main(plugin, process.argv.slice(2));
