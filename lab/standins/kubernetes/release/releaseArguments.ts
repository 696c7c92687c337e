import { bag, type Properties, text } from "../../shared/values";

/** Options of the Release that are a flag of helm's. */
const flags: Record<string, string> = {
    atomic: "--atomic",
    createNamespace: "--create-namespace",
    dependencyUpdate: "--dependency-update",
    devel: "--devel",
    disableOpenapiValidation: "--disable-openapi-validation",
    disableWebhooks: "--no-hooks",
    forceUpdate: "--force",
    renderSubchartNotes: "--render-subchart-notes",
    replace: "--replace",
    skipCrds: "--skip-crds",
    takeOwnership: "--take-ownership",
    verify: "--verify",
    waitForJobs: "--wait-for-jobs",
};
/** Those of an upgrade alone. */
const upgradeFlags: Record<string, string> = {
    cleanupOnFail: "--cleanup-on-fail",
    recreatePods: "--recreate-pods",
    resetValues: "--reset-values",
    reuseValues: "--reuse-values",
};
/** Options of the Release that are an option with a value. */
const options: Record<string, string> = {
    description: "--description",
    keyring: "--keyring",
    postrender: "--post-renderer",
    version: "--version",
};
export const repositoryName = "repository";

/** The chart as helm finds it: a path, an OCI address, or a name in the repository that was made known before. */
export function chartOf(inputs: Properties): string {
    const chart = inputs["chart"] as string;
    return text(bag(inputs, "repositoryOpts")["repo"]) ? `${repositoryName}/${chart}` : chart;
}

/** What of a release decides which chart it is, as helm's commands about charts take it. */
export function chartArguments(inputs: Properties): string[] {
    const version = text(inputs["version"]);
    return [
        chartOf(inputs),
        ...(version ? ["--version", version] : []),
        ...(inputs["devel"] === true ? ["--devel"] : []),
    ];
}

/**
 * The command line of helm. The values come by standard input: processes can be listed by anyone. As the official plugin
 * does (helmCreate in provider/pkg/provider/helm_release.go of pulumi-kubernetes), a creation never takes over a release.
 */
export function releaseArguments(
    operation: "install" | "upgrade",
    inputs: Properties,
    timeoutSeconds: number,
): string[] {
    const args = [operation, inputs["name"] as string, chartOf(inputs), "--values", "-"];
    args.push("--namespace", inputs["namespace"] as string, "--output", "json");
    if (inputs["skipAwait"] !== true || inputs["atomic"] === true) {
        args.push("--wait");
    }
    const seconds = timeoutSeconds || Number(inputs["timeout"] ?? 0) || 300;
    args.push("--timeout", `${seconds}s`);
    const isUpgrade = operation === "upgrade";
    const { replace, ...ofBoth } = flags;
    for (const [property, name] of Object.entries(
        isUpgrade ? { ...ofBoth, ...upgradeFlags } : { ...ofBoth, replace },
    )) {
        if (inputs[property] === true) {
            args.push(name);
        }
    }
    for (const [property, name] of Object.entries({ ...options, ...(isUpgrade && { maxHistory: "--history-max" }) })) {
        const value = inputs[property];
        if (typeof value === "string" || typeof value === "number") {
            args.push(name, String(value));
        }
    }
    return args;
}
