import { CertificateDetails } from "../plan/pki/certificateDetails";
import { fields } from "../review/fields";
import { certificateState, certificateTable } from "./certificates/certificateTable";
import { CommandError } from "./commandError";
import { CommandContext } from "./context";
import { textOrJson } from "./options";
import { Subcommand } from "./subcommand";

interface CertificatesArguments {
    stack: string;
    output: "text" | "json";
}

/** `mesh-egress certificates`: the certificates of a stack, as of its last update. */
export const certificatesCommand: Subcommand<CertificatesArguments> = {
    options: (yargs) =>
        yargs
            .options({
                stack: { alias: "s", type: "string", requiresArg: true, demandOption: true, describe: "The stack" },
                output: textOrJson("Form of the list"),
            })
            .epilogue("Exit code: 1 if a certificate has expired, or is in its last hours and was not renewed."),
    run: certificates,
};

async function certificates(
    { openStack, terminal, now }: CommandContext,
    { stack: name, output }: CertificatesArguments,
): Promise<number> {
    const stack = await openStack(name);
    const { certificates: found } = await stack.outputs();
    if (!Array.isArray(found?.value)) {
        throw new CommandError(
            `The stack ${name} has no output "certificates". Export the component's certificates as a stack output, and run: pulumi up`,
        );
    }
    const all: unknown[] = found.value;
    if (!all.every(isDetails)) {
        throw new CommandError(
            `The output "certificates" of the stack ${name} is not a component's. Export the component's certificates as a stack output, and run: pulumi up`,
        );
    }
    const states = all.map((one) => certificateState(one, now));
    terminal.out(
        output === "json"
            ? JSON.stringify(
                  all.map((one, index) => ({ ...one, state: states[index] })),
                  null,
                  2,
              )
            : certificateTable(all, now),
    );
    return states.some((state) => state === "expired" || state === "overlooked") ? 1 : 0;
}

/** Any program may have an output of this name. */
function isDetails(value: unknown): value is CertificateDetails {
    const { subjectAltNames, name, subject, serial, notBefore, notAfter, renewFrom } = fields(value);
    return (
        Array.isArray(subjectAltNames) &&
        [name, subject, serial, notBefore, notAfter, renewFrom].every((one) => typeof one === "string")
    );
}
