import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import { EgressRoute } from "../../components";
import { openStack } from "../../lab/engine";
import { deployEnvironment } from "../../stacks/environment";
import { EngineSetup, machine } from "../support/machine";
import { noCluster } from "../support/noCluster";
import { ADMIN_GROUP, stackConfig } from "../support/stacks";
import { memoryPlugins } from "../support/state/memoryPlugins";
import { STACKS, Sources, StackName, TODAY, isOnAzure, renamed, stackProgram } from "../support/state/program";
import { StateResource, fromFile } from "../support/state/stateFile";

/** The steps of a Job that runs again. */
const REPLACED = ["create-replacement", "delete-replaced", "replace"];

/** A probe's script tells more reasons now; a Job with another script runs again. */
const runsAgain = (...routes: string[]) =>
    REPLACED.flatMap((op) => routes.map((route) => `${op} egress-${route}-probe-job`));

/** Who may call a host over HTTP is asked by its route's VirtualService alone now. */
const askedByItsRoute = (...routes: string[]) => routes.map((route) => `delete ${route}-authorization`);

/**
 * What an environment on Azure gains: it is a component now, a group administers the cluster instead of whoever deployed
 * it, the kubelet has an identity of its own, and each subnet has a security group.
 */
const intendedOnAzure = (...more: string[]) => [
    "create egress",
    `create egress-aks-admin-${ADMIN_GROUP}`,
    "create egress-aks-kubelet-identity",
    "create egress-aks-kubelet-role",
    // Pods of nobody else on the egress nodes.
    "create egress-egress-nodes",
    "create egress-egress-nodes-binding",
    "create egress-gateway-telemetry",
    "create egress-mesh-registry-only",
    "create egress-network-api-server-rules",
    "create egress-network-egress-rules",
    "delete aks-admin-0",
    ...runsAgain("partner"),
    ...askedByItsRoute("egress-partner"),
    ...more,
];

/** What looks for claims of hosts that were there before the lockdown: its policy, its rights and its Job. */
const CLAIM_CHECK = [
    "",
    "-account",
    "-binding",
    "-check",
    "-in-force-role",
    "-in-force-role-binding",
    "-role",
    "-role-binding",
];

/** The steps that are neither "same" nor "update", each for a reason. */
const INTENDED: Record<StackName, string[]> = {
    // What was not there: the lockdown's newer policies and their bindings by label, the root namespace's Sidecar, the gateway's Telemetry,
    // and the metrics that alerts ask for.
    everything: [
        "create egress-gateway-telemetry",
        ...REPLACED.map((op) => `${op} egress-lockdown-check`),
        ...CLAIM_CHECK.map((what) => `create egress-lockdown-claims${what}`),
        "create egress-lockdown-configuration-labelled",
        "create egress-lockdown-guards",
        "create egress-lockdown-guards-binding",
        "create egress-lockdown-guards-labelled",
        "create egress-lockdown-kinds",
        "create egress-lockdown-kinds-binding",
        "create egress-lockdown-kinds-labelled",
        "create egress-lockdown-locked-check",
        "create egress-lockdown-namespaces",
        "create egress-lockdown-namespaces-binding",
        "create egress-lockdown-start",
        "create egress-lockdown-start-binding",
        "create egress-lockdown-start-labelled",
        "create egress-lockdown-workloads-labelled",
        "create egress-mesh-registry-only",
        "create egress-metrics",
        // Every host of a route is probed.
        "create egress-partner-probe-2",
        "create egress-partner-probe-2-job",
        "create egress-passthrough-probe-2",
        "create egress-passthrough-probe-2-job",
        ...runsAgain("direct", "partner", "passthrough", "sidecar", "sidecar-simple", "simple"),
        ...askedByItsRoute("certificate-a-caller", "egress-partner", "egress-simple"),
    ],
    plaintext: [
        "create egress-gateway-telemetry",
        "create egress-mesh-registry-only",
        "create egress-metrics",
        ...askedByItsRoute("egress-http"),
    ],
    dev: intendedOnAzure("create egress-network-node-rules"),
    // The nodes had a security group; they are given the right to pull from the registry.
    staging: intendedOnAzure("create egress-aks-contosoimages-pull-role"),
    // The firewall writes its logs.
    prod: intendedOnAzure("create egress-network-firewall-logs", "create egress-network-node-rules"),
};

/** What an environment's component is the parent of on Azure, where the stack was. */
const ON_AZURE_NOW = [
    "azure-native:network:PublicIPAddress",
    "mesh-egress:index:AksCluster",
    "mesh-egress:index:CertificateChain",
    "mesh-egress:index:DnsZone",
    "mesh-egress:index:EgressEnvironment",
    "mesh-egress:index:EgressNetwork",
    "mesh-egress:index:MtlsServerVm",
    "pulumi:providers:kubernetes",
].map((type) => `${type}: pulumi:pulumi:Stack -> mesh-egress:index:AksEgressEnvironment`);

/** Alerts are of another component, which has those of certificates too. */
const ALERTS_NOW = [
    "kubernetes:monitoring.coreos.com/v1:PrometheusRule: mesh-egress:index:CertificateAlerts -> mesh-egress:index:EgressAlerts",
    "mesh-egress:index:CertificateAlerts: mesh-egress:index:EgressEnvironment -> mesh-egress:index:EgressAlerts, mesh-egress:index:EgressEnvironment",
];

/** Other parents of resources that existed, by type: those of the cluster have the new component as their parent. */
const MOVED: Record<StackName, string[]> = {
    everything: ALERTS_NOW,
    plaintext: ALERTS_NOW,
    dev: ON_AZURE_NOW,
    staging: ON_AZURE_NOW,
    prod: ON_AZURE_NOW,
};

/** What a preview plans for existing resources other than the same kind under the same parent, each once. */
async function moves(stack: Stack, resources: StateResource[]): Promise<string[]> {
    const planned = new Map<string, StepEventMetadata>();
    await stack.preview({
        onOutput: () => undefined,
        onEvent: ({ resourcePreEvent }) => {
            const step = resourcePreEvent?.metadata;
            if (step?.old && step.new) {
                planned.set(step.old.urn, step);
            }
        },
    });
    const kindOf = (urn = "") => urn.split("::")[2]?.split("$").at(-1) ?? "";
    const told = resources.flatMap(({ urn, type, parent }) => {
        const now = planned.get(urn)?.new;
        return now === undefined || (now.type === type && kindOf(now.parent) === kindOf(parent))
            ? []
            : [`${type}: ${kindOf(parent)} -> ${now.type === type ? "" : `${now.type}, `}${kindOf(now.parent)}`];
    });
    return [...new Set(told)].sort();
}

/*
 * Stacks that an older version made, updated by today's code: nothing that exists may be deleted, replaced or made anew.
 * The states of 0.1.0 were made by the sources of commit 1e2ae32; see test/support/state/makeState.ts.
 */
describe("a stack that version 0.1.0 made, updated by today's code", function () {
    let setup: EngineSetup;
    let folder: string;

    before(async function () {
        setup = await machine.engine(this);
        folder = await mkdtemp(join(tmpdir(), "mesh-egress-old-state-"));
    });

    after(async () => {
        if (folder) {
            await rm(folder, { recursive: true });
        }
    });

    const sources = {
        deployEnvironment: (config: never) => ({ kubernetes: deployEnvironment(config).providers[0] }),
        EgressRoute,
        stackConfig,
    } as unknown as Sources;

    for (const name of STACKS) {
        it(`${name}: keeps every resource`, async () => {
            const file = join(__dirname, "../support/state/0.1.0", `${name}.json`);
            const text = await readFile(file, "utf8");
            // Names that an environment on Azure refuses today are others from the start.
            const state = isOnAzure(name) ? renamed(text) : text;
            const resources = await fromFile(JSON.parse(state) as StateResource[]);
            const stack = await openStack({
                ...setup,
                plugins: await memoryPlugins(setup.engine),
                name,
                project: "mesh-egress",
                program: stackProgram(name, sources, TODAY, noCluster()),
                stateDir: join(folder, "state"),
                passphrase: "only for this test",
            });
            const exported = await stack.exportStack();
            const deployment = { ...(exported.deployment as object), resources };
            await stack.importStack({ ...exported, deployment });

            assert.deepEqual(await moves(stack, resources), MOVED[name]);

            const events: EngineEvent[] = [];
            await stack.up({ onEvent: (event) => void events.push(event) });
            const steps = events.flatMap(({ resourcePreEvent }) =>
                resourcePreEvent ? [{ op: resourcePreEvent.metadata.op, urn: resourcePreEvent.metadata.urn }] : [],
            );
            const told = steps
                .filter(({ op }) => !["same", "update"].includes(op))
                .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
            assert.deepEqual(told.sort(), INTENDED[name].toSorted());
            assert.ok(steps.filter(({ op }) => op === "same").length > resources.length / 2, "most of it is the same");
        });
    }
});
