import { writeFileSync } from "node:fs";
import { AllowedCaller } from "../plan/shared/caller";
import { Adoption } from "./adopt/adoption";
import { adopt } from "./adopt/adopt";
import { adoptionNotes } from "./adopt/notes";
import { switchOrder } from "./adopt/switchOrder";
import { typescriptProgram } from "./adopt/typescriptProgram";
import { yamlProgram } from "./adopt/yamlProgram";
import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { CLUSTER_OPTIONS } from "./input/kubectl";
import { readInput } from "./input/readInput";
import { listOption, textOrJson, rootNamespace } from "./options";
import { Subcommand } from "./subcommand";
import { GATEWAY_DEFAULTS } from "../plan/mesh/gatewayOptions";

interface AdoptArguments {
    files?: string[];
    cluster?: boolean;
    context?: string;
    kubeconfig?: string;
    language: "typescript" | "yaml";
    output: "text" | "json";
    out?: string;
    gateway?: string;
    callers: string[];
    rootNamespace?: string;
}

/** `mesh-egress adopt`: a program from hand-written objects, what it cannot carry over, and the order of the switch. */
export const adoptCommand: Subcommand<AdoptArguments> = {
    options: (yargs) =>
        yargs
            .positional("files", { type: "string", array: true, describe: "Files, folders, or - for standard input" })
            .options({
                cluster: { type: "boolean", describe: "Read the objects of the live cluster; changes nothing" },
                ...CLUSTER_OPTIONS,
                language: {
                    choices: ["typescript", "yaml"] as const,
                    default: "typescript" as const,
                    describe: "Language of the program",
                },
                out: {
                    type: "string",
                    requiresArg: true,
                    describe: "File for the program. Default: standard output, and the notes on standard error",
                },
                output: textOrJson(
                    "json prints the program, the routes, the parts that are not carried over and the steps as one object",
                ),
                gateway: {
                    type: "string",
                    requiresArg: true,
                    describe: "NAMESPACE/NAME of an existing EgressGateway. Default: the program creates one",
                },
                callers: listOption(
                    "NAMESPACE or NAMESPACE/SERVICEACCOUNT of the callers of hosts that every workload may call today",
                ),
                "root-namespace": rootNamespace,
            })
            .example("$0 adopt istio/ --out index.ts", "from files")
            .example("$0 adopt --cluster --language yaml --out Pulumi.yaml", "from the current context")
            .epilogue("Exit code: 0 with a program, 1 if no host could be adopted, 2 if something cannot be read."),
    run: adoptObjects,
};

async function adoptObjects(context: CommandContext, args: AdoptArguments): Promise<number> {
    const { objects } = await readInput(context, args, "adopt");
    const adoption = adopt(
        objects.map(({ object }) => object),
        { rootNamespace: args.rootNamespace, gateway: gatewayOf(args.gateway), callers: callersOf(args.callers) },
    );
    const program = args.language === "yaml" ? yamlProgram(adoption) : typescriptProgram(adoption);
    write(context, args, adoption, adoption.routes.length === 0 ? "" : program);
    return adoption.routes.length === 0 ? 1 : 0;
}

function write(
    { terminal }: CommandContext,
    { output, out }: AdoptArguments,
    adoption: Adoption,
    program: string,
): void {
    if (out !== undefined && program !== "") {
        writeFileSync(out, program);
    }
    if (output === "json") {
        const { gateway, routes, credentials, notCarried } = adoption;
        const steps = switchOrder(adoption);
        terminal.out(JSON.stringify({ program, gateway, routes, credentials, notCarried, steps }, null, 2));
        return;
    }
    const notes = adoptionNotes(adoption).join("\n");
    if (out === undefined) {
        terminal.out(program.trimEnd());
        terminal.err(notes);
    } else {
        terminal.out(notes);
    }
}

function gatewayOf(text: string | undefined): { name: string; namespace: string } | undefined {
    if (text === undefined) {
        return undefined;
    }
    const [namespace, name, ...more] = text.split("/");
    if (!namespace || !name || more.length > 0) {
        throw new CommandError(
            `--gateway ${JSON.stringify(text)} must be NAMESPACE/NAME, for example ${GATEWAY_DEFAULTS.namespace}/${GATEWAY_DEFAULTS.gatewayName}.`,
        );
    }
    return { namespace, name };
}

function callersOf(texts: string[]): AllowedCaller[] {
    return texts.map((text) => {
        const [namespace, account, ...more] = text.split("/");
        if (!namespace || account === "" || more.length > 0) {
            throw new CommandError(
                `--callers ${JSON.stringify(text)} must be NAMESPACE or NAMESPACE/SERVICEACCOUNT, for example payments/billing.`,
            );
        }
        return { namespace, ...(account !== undefined && { serviceAccounts: [account] }) };
    });
}
