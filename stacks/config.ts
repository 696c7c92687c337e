import * as pulumi from "@pulumi/pulumi";
import { EgressEnvironmentArgs, EnvironmentRoute } from "../components";
import { isEnum, referredType } from "../plan/arguments/packageSchema";
import { validateArguments } from "../plan/arguments/validateArguments";
import { AksOptions } from "../plan/environment/aksOptions";
import { Violation, explain } from "../plan/shared/violation";
import { KeyVaultReference } from "./keyVault";
import { ClusterReference, stackSchema } from "./stackSchema";

/** A route of a stack. Its certificate can be in a Key Vault. */
export interface StackRoute extends EnvironmentRoute {
    /** Key Vault with its client certificate, instead of `certificate` and `privateKey`. */
    keyVault?: KeyVaultReference;
}

/** The configuration of a stack. */
export interface StackConfig extends Omit<EgressEnvironmentArgs, "routes"> {
    /** The existing cluster. Default: the current context of the default kubeconfig. */
    cluster: ClusterReference;
    /** An AKS cluster of this stack's own, instead of `cluster`. */
    azure?: AksOptions;
    routes: StackRoute[];
}

/** Source of configuration, such as `pulumi.Config`. */
export interface ConfigSource {
    name: string;
    get(key: string): string | undefined;
}

/** Reads and checks the whole configuration of a stack. One error lists all violations. */
export function readConfig(source: ConfigSource = new pulumi.Config()): StackConfig {
    const { schema, options } = stackSchema();
    const unreadable: Violation[] = [];
    const given: Record<string, unknown> = {};
    for (const [key, spec] of Object.entries(options.properties)) {
        const text = source.get(key);
        // Pulumi.yaml has no other way to declare an object that is not set by default.
        if (text === undefined || text === "" || text === "{}") {
            continue;
        }
        const type = referredType(schema, spec);
        if (type && isEnum(type)) {
            given[key] = text;
            continue;
        }
        try {
            given[key] = JSON.parse(text);
        } catch {
            unreadable.push({
                path: key,
                problem: "is plain text",
                expected: "an object or a list",
                fix: `Write it as YAML under ${source.name}:${key} in the stack's file, or set parts of it with pulumi config set --path`,
            });
        }
    }
    const never = () => false;
    const wrong = validateArguments({ schema, isDeferred: never, isResource: never }, options, given)
        // What could not be read is also missing, but saying so would mislead.
        .filter(({ path }) => !unreadable.some((one) => one.path === path));
    const violations = [...unreadable, ...wrong];
    if (violations.length > 0) {
        const lines = violations.map((one) => `  ${source.name}:${one.path}: ${explain(one)}`);
        throw new pulumi.RunError(`The configuration of this stack is refused:\n${lines.join("\n")}`);
    }
    return { cluster: {}, ...given } as StackConfig;
}
