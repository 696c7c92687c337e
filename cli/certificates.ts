import { parseArgs } from "node:util";
import { LabError } from "../lab/errors";
import { openNamedStack } from "../lab/local/namedStack";
import { openProofStack } from "../lab/local/stack";
import { CertificateDetails } from "../plan/pki/certificateDetails";
import { certificateState, certificateTable } from "./certificates/certificateTable";

const help = `The certificates of a stack, as of its last update.

  npm run certs -- --stack NAME   a stack of your backend, or one that the demo and the tests keep beside their cluster

It ends with 1 when a certificate has expired, or has less than a week left that nobody used.`;

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { stack: { type: "string", short: "s" }, help: { type: "boolean" } } });
    if (values.help || values.stack === undefined) {
        console.log(help);
        process.exitCode = values.help ? 0 : 2;
        return;
    }
    const name = values.stack;
    const stack = await openNamedStack(name, (engine, plugins, cluster) =>
        openProofStack(engine, plugins, cluster, name, () => Promise.resolve()),
    );
    const { certificates } = await stack.outputs();
    if (certificates === undefined) {
        throw new LabError(`The stack ${name} has no output "certificates". Update it first: pulumi up`);
    }
    const facts = certificates.value as CertificateDetails[];
    const now = new Date();
    console.log(certificateTable(facts, now));
    const bad = facts.map((one) => certificateState(one, now)).some((state) => /expired|overlooked/.test(state));
    process.exitCode = bad ? 1 : 0;
}

main().catch((error: unknown) => {
    console.error(error instanceof LabError ? error.message : error);
    process.exitCode = 1;
});
