import { validateHost } from "../plan/shared/host";
import { validateLabel } from "../plan/shared/names";
import { CURL_IMAGE } from "../plan/shared/officialSources";
import { explain as explainViolation } from "../plan/shared/violation";
import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { explainCall } from "./explain/explainCall";
import { makeCall } from "./explain/makeCall";
import { Question } from "./explain/snapshot";
import { takeSnapshot } from "./explain/takeSnapshot";
import { explanationText } from "./explain/text";
import { CLUSTER_OPTIONS, kubectlIn } from "./input/kubectl";
import { textOrJson } from "./options";
import { Subcommand } from "./subcommand";

interface ExplainArguments {
    host: string;
    from?: string;
    call?: boolean;
    image: string;
    context?: string;
    kubeconfig?: string;
    output: "text" | "json";
}

/** `mesh-egress explain`: follows one call of a live cluster step by step, and says what is wrong at the first wrong one. */
export const explainCommand: Subcommand<ExplainArguments> = {
    options: (yargs) =>
        yargs
            .positional("host", {
                type: "string",
                demandOption: true,
                describe: "The partner's host, or https://HOST for an application that uses TLS itself",
            })
            .options({
                from: {
                    type: "string",
                    requiresArg: true,
                    describe: "NAMESPACE/SERVICEACCOUNT of the caller. Default: no specific caller",
                },
                call: {
                    type: "boolean",
                    describe: "Make one call from a pod that is deleted afterwards, and read both proxies' logs",
                },
                image: {
                    type: "string",
                    requiresArg: true,
                    default: CURL_IMAGE,
                    describe: "Image with curl for --call",
                },
                ...CLUSTER_OPTIONS,
                output: textOrJson("Form of the explanation"),
            })
            .example("$0 explain api.partner.example --from payments/billing", "find out why billing gets no answer")
            .epilogue(
                "Without --call it only reads. Exit code: 0 if nothing is wrong, 1 at a wrong step, 2 if the cluster cannot be read.",
            ),
    run: explainHost,
};

async function explainHost(context: CommandContext, args: ExplainArguments): Promise<number> {
    const question = questionOf(args);
    const kubectl = kubectlIn(context.kubectl, args);
    const snapshot = await takeSnapshot(kubectl, question, context.now);
    const { gateway } = snapshot;
    // What the log says of earlier calls is of no use where a new one is made.
    const before = explainCall(args.call && gateway ? { ...snapshot, gateway: { ...gateway, log: [] } } : snapshot);
    // A call is of no use where the way of it is wrong already.
    const made = args.call && !before.wrong ? await makeCall(kubectl, snapshot, args.image) : undefined;
    const explanation = made ? explainCall({ ...snapshot, made }) : before;
    const { terminal } = context;
    terminal.out(
        args.output === "json"
            ? JSON.stringify(
                  { ...question, ...explanation, ...(made && { call: { status: made.status, error: made.error } }) },
                  null,
                  2,
              )
            : explanationText(explanation, terminal.colors),
    );
    return explanation.wrong ? 1 : 0;
}

function questionOf({ host: given, from }: ExplainArguments): Question {
    const isTls = given.startsWith("https://");
    const host = given.replace(/^https?:\/\//, "").replace(/\/$/, "");
    // A password before @, or a token in a query, is not repeated.
    if (/[@/?#]/.test(host)) {
        throw new CommandError("HOST must be a host alone, without a user, a password, a path or a query.");
    }
    const [violation] = validateHost("HOST", host);
    if (violation) {
        throw new CommandError(`HOST: ${explainViolation(violation)}`);
    }
    return { host, port: isTls ? 443 : 80, isTls, ...(from !== undefined && { from: callerOf(from) }) };
}

function callerOf(text: string): { namespace: string; serviceAccount: string } {
    const [namespace = "", serviceAccount = "", ...more] = text.split("/");
    const isValid =
        more.length === 0 &&
        validateLabel("", namespace, "").length === 0 &&
        validateLabel("", serviceAccount, "").length === 0;
    if (!isValid) {
        throw new CommandError(
            `--from ${JSON.stringify(text)} must be NAMESPACE/SERVICEACCOUNT, for example payments/billing.`,
        );
    }
    return { namespace, serviceAccount };
}
