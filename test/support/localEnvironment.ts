import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import type { LocalCluster } from "../../lab/local/cluster";
import { openLocalStack } from "../../lab/local/stack";
import { Cluster } from "../../lab/proof/cluster";
import { ProofContext } from "../../lab/proof/proofs";
import { openProofContext } from "../../lab/proof/context";
import { EngineSetup, machine } from "./machine";

/** The environment that every e2e test looks at. */
export interface LocalEnvironment extends EngineSetup {
    local: LocalCluster;
    cluster: Cluster;
    stack: Stack;
    context: ProofContext;
}

/** Everything the engine has said so far, to be searched for secrets. */
export const said: string[] = [];

/** Handlers for the stacks of e2e tests: they keep what the engine says. */
export const listening = {
    onEvent: (event: EngineEvent) => {
        // Pulumi's own SDK logs what it is answered, secrets and all, at this severity, which the CLI shows to nobody
        // who does not ask for it with --debug.
        if ((event.diagnosticEvent?.severity as string) !== "debug") {
            said.push(JSON.stringify(event));
        }
    },
    onOutput: (text: string) => void said.push(text),
};

let opened: Promise<LocalEnvironment> | undefined;

/** The local environment, brought up once for all e2e tests; skips the suite where there is no engine or no cluster. */
export async function localEnvironment(context: Mocha.Context): Promise<LocalEnvironment> {
    const setup = await machine.engine(context);
    const local = await machine.cluster(context);
    return (opened ??= bringUp(setup, local));
}

async function bringUp(setup: EngineSetup, local: LocalCluster): Promise<LocalEnvironment> {
    const cluster = new Cluster(local.kubeconfig, local.context);
    const stack = await openLocalStack(setup.engine, setup.plugins, local);
    await stack.preview(listening);
    await stack.up({ refresh: true, ...listening });
    const context = await openProofContext(cluster, local.settings.curlImage);
    return { ...setup, local, cluster, stack, context };
}
