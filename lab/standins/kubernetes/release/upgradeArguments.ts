import { bag, type Properties, text } from "../../shared/values";

/** Options of the Release that are a flag of helm's. */
const flags: Record<string, string> = {
    atomic: "--atomic",
    cleanupOnFail: "--cleanup-on-fail",
    createNamespace: "--create-namespace",
    dependencyUpdate: "--dependency-update",
    devel: "--devel",
    disableOpenapiValidation: "--disable-openapi-validation",
    disableWebhooks: "--no-hooks",
    forceUpdate: "--force",
    recreatePods: "--recreate-pods",
    renderSubchartNotes: "--render-subchart-notes",
    resetValues: "--reset-values",
    reuseValues: "--reuse-values",
    skipCrds: "--skip-crds",
    takeOwnership: "--take-ownership",
    verify: "--verify",
    waitForJobs: "--wait-for-jobs",
};
/** Options of the Release that are an option with a value. */
const options: Record<string, string> = {
    description: "--description",
    keyring: "--keyring",
    maxHistory: "--history-max",
    postrender: "--post-renderer",
    version: "--version",
};
export const repositoryName = "repository";

/** The chart as helm finds it: a path, an OCI address, or a name in the repository that was made known before. */
export function chartOf(inputs: Properties): string {
    const chart = inputs["chart"] as string;
    return text(bag(inputs, "repositoryOpts")["repo"]) ? `${repositoryName}/${chart}` : chart;
}

/** The command line of `helm upgrade --install`. The values come by standard input: processes can be listed by anyone. */
export function upgradeArguments(inputs: Properties, timeoutSeconds: number): string[] {
    const args = ["upgrade", inputs["name"] as string, chartOf(inputs), "--install", "--values", "-"];
    args.push("--namespace", inputs["namespace"] as string, "--output", "json");
    if (inputs["skipAwait"] !== true || inputs["atomic"] === true) {
        args.push("--wait");
    }
    const seconds = timeoutSeconds || Number(inputs["timeout"] ?? 0) || 300;
    args.push("--timeout", `${seconds}s`);
    for (const [property, name] of Object.entries(flags)) {
        if (inputs[property] === true) {
            args.push(name);
        }
    }
    for (const [property, name] of Object.entries(options)) {
        const value = inputs[property];
        if (typeof value === "string" || typeof value === "number") {
            args.push(name, String(value));
        }
    }
    return args;
}
