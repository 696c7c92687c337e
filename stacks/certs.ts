import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { lab } from "../lab/cluster/lab";
import { commandOf, findPlugins } from "../lab/engine";
import { LabError } from "../lab/errors";
import { choiceFromEnvironment, labCluster, namedCluster } from "../lab/local/cluster";
import { localEngine } from "../lab/local/engine";
import { openProofStack, stateFolder } from "../lab/local/stack";
import { CertificateFacts } from "../plan/certificateFacts";
import { certificateState, certificateTable } from "../plan/certificateTable";

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
    const stack = await open(values.stack);
    const { certificates } = await stack.outputs();
    if (certificates === undefined) {
        throw new LabError(`The stack ${values.stack} has no output "certificates". Update it first: pulumi up`);
    }
    const facts = certificates.value as CertificateFacts[];
    const now = new Date();
    console.log(certificateTable(facts, now));
    const bad = facts.map((one) => certificateState(one, now)).some((state) => /expired|overlooked/.test(state));
    process.exitCode = bad ? 1 : 0;
}

async function open(name: string): Promise<Stack> {
    const engine = await localEngine({ download: false, build: false });
    const choice = choiceFromEnvironment();
    const running = lab();
    const cluster = choice.kubeconfig
        ? namedCluster({ ...choice, kubeconfig: choice.kubeconfig })
        : running && labCluster(running);
    const kept = cluster && join(stateFolder(cluster), ".pulumi", "stacks", "mesh-egress", `${name}.json`);
    if (cluster && kept && existsSync(kept)) {
        return openProofStack(engine, await findPlugins({ engine }), cluster, name, () => Promise.resolve());
    }
    return LocalWorkspace.selectStack(
        { stackName: name, workDir: join(__dirname, "..") },
        { pulumiCommand: await commandOf(engine) },
    );
}

main().catch((error: unknown) => {
    console.error(error instanceof LabError ? error.message : error);
    process.exitCode = 1;
});
