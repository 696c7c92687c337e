import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { CLUSTER_OPTIONS } from "./input/kubectl";
import { ReadObjects, UnreadableInput } from "./input/readFiles";
import { readInput } from "./input/readInput";
import { listOption, rootNamespace } from "./options";
import { compareWithBaseline, readBaseline } from "./review/baseline";
import { chooseRules } from "./review/chooseRules";
import { environmentsOf } from "./review/environments";
import { githubOutput, githubProblem } from "./review/github";
import { judgeAll } from "./review/judgeAll";
import { allRules } from "../review/index";
import { jsonOutput } from "./review/json";
import { FAIL_ON, FailOn, Outcome, exitCode } from "./review/outcome";
import { sarifOutput } from "./review/sarif";
import { textOutput } from "./review/text";
import { Subcommand } from "./subcommand";
import { REVIEW_DEFAULTS } from "../review/reviewContext";

interface ReviewArguments {
    files?: string[];
    cluster?: boolean;
    context?: string;
    kubeconfig?: string;
    output: "text" | "json" | "sarif" | "github";
    failOn: FailOn;
    rule: string[];
    skip: string[];
    baseline?: string;
    rootNamespace?: string;
    outboundTrafficPolicy?: "REGISTRY_ONLY" | "ALLOW_ANY";
    certificateDays?: number;
}

/** `mesh-egress review`: all rules of the review on files, standard input or a live cluster. */
export const reviewCommand: Subcommand<ReviewArguments> = {
    options: (yargs) =>
        yargs
            .positional("files", { type: "string", array: true, describe: "Files, folders, or - for standard input" })
            .options({
                cluster: { type: "boolean", describe: "Read the objects of the live cluster; changes nothing" },
                ...CLUSTER_OPTIONS,
                output: {
                    alias: "o",
                    choices: ["text", "json", "sarif", "github"] as const,
                    default: "text" as const,
                    describe: "Form of the findings",
                },
                "fail-on": {
                    choices: FAIL_ON,
                    default: "mandatory" as const,
                    describe: "Lowest severity for exit code 1",
                },
                rule: listOption("Apply only this rule; can be repeated"),
                skip: listOption("Do not apply this rule; can be repeated"),
                baseline: {
                    type: "string",
                    requiresArg: true,
                    describe: "Known findings that do not count: a file written by --output json",
                },
                "root-namespace": rootNamespace,
                "outbound-traffic-policy": {
                    choices: ["REGISTRY_ONLY", "ALLOW_ANY"] as const,
                    describe: "What sidecars do with undeclared hosts. Default: unknown",
                },
                "certificate-days": {
                    type: "number",
                    requiresArg: true,
                    describe: `Days before a certificate's expiry from which it is reported. Default: ${REVIEW_DEFAULTS.certificateDays}`,
                },
            })
            .example("$0 review k8s/", "every YAML and JSON file below the folder")
            .example("helm template . | $0 review -", "what a chart would apply")
            .example("$0 review --cluster --output sarif > egress.sarif", "the current context, for code scanning")
            .epilogue(
                "Exit code: 0 without findings at or above --fail-on, 1 with such findings, 2 if something cannot be read.",
            ),
    run: review,
};

async function review(context: CommandContext, args: ReviewArguments): Promise<number> {
    const { terminal } = context;
    const { certificateDays: days } = args;
    if (days !== undefined && !(Number.isInteger(days) && days >= 0)) {
        throw new CommandError("--certificate-days must be a whole number of days, 0 or more.");
    }
    const rules = chooseRules(allRules(), args.rule, args.skip);
    const baseline = args.baseline === undefined ? new Set<string>() : readBaseline(args.baseline);
    const { objects, skipped } = await readAnnotated(context, args);
    const { environments, notes } = environmentsOf(objects);
    const found = judgeAll(environments, {
        rules: rules.map(({ id }) => id),
        now: context.now,
        ...(args.rootNamespace !== undefined && { rootNamespace: args.rootNamespace }),
        ...(args.outboundTrafficPolicy && { outboundTrafficPolicy: args.outboundTrafficPolicy }),
        ...(args.certificateDays !== undefined && { certificateDays: args.certificateDays }),
    });
    const { fresh, known, solved } = compareWithBaseline(found.findings, baseline);
    const outcome: Outcome = {
        findings: fresh,
        known,
        solved,
        objects: objects.length,
        skipped: [...skipped, ...notes, ...found.skipped],
        rules,
        locate: found.locate,
    };
    const text = outputs[args.output](outcome, terminal.colors);
    if (text !== "") {
        terminal.out(text);
    }
    return exitCode(fresh, args.failOn);
}

const outputs: Record<
    ReviewArguments["output"],
    (outcome: Outcome, colors: CommandContext["terminal"]["colors"]) => string
> = {
    text: textOutput,
    json: jsonOutput,
    sarif: sarifOutput,
    github: githubOutput,
};

/** Problems of files are annotations too. */
async function readAnnotated(context: CommandContext, args: ReviewArguments): Promise<ReadObjects> {
    try {
        return await readInput(context, args, "review");
    } catch (error) {
        if (args.output === "github" && error instanceof UnreadableInput) {
            context.terminal.out(error.problems.map(githubProblem).join("\n"));
        }
        throw error;
    }
}
