import { spawnSync } from "node:child_process";
import * as k8s from "@kubernetes/client-node";
import { PodStates, TABLE, ruleset } from "./ruleset";

/*
 * A stand-in for a network policy engine: watches the cluster and puts its NetworkPolicies into the packet filter of
 * this machine, which is the lab's one node. Its only argument is the kubeconfig.
 */

const config = new k8s.KubeConfig();
config.loadFromFile(process.argv[2]);
const core = config.makeApiClient(k8s.CoreV1Api);
const networking = config.makeApiClient(k8s.NetworkingV1Api);

function nft(input: string): void {
    const { status, stderr, error } = spawnSync("nft", ["-f", "-"], { input, encoding: "utf8" });
    if (status !== 0) {
        console.error(error?.message ?? stderr, input);
    }
}

const policies = informer("/apis/networking.k8s.io/v1/networkpolicies", () =>
    networking.listNetworkPolicyForAllNamespaces(),
);
const pods = informer("/api/v1/pods", () => core.listPodForAllNamespaces());
const namespaces = informer("/api/v1/namespaces", () => core.listNamespace());

let last = "";
function apply(): void {
    const next = ruleset({
        policies: [...policies.list()],
        pods: pods.list().flatMap(podStates),
        namespaces: Object.fromEntries(
            namespaces.list().map(({ metadata }) => [metadata?.name ?? "", metadata?.labels ?? {}]),
        ),
    });
    if (next !== last) {
        nft(next);
        last = next;
    }
}

function podStates({ metadata, spec, status }: k8s.V1Pod): PodStates[] {
    const ip = status?.podIP;
    // A pod on the node's own network is the node to every policy, and one that has ended has given its address back.
    if (!ip || spec?.hostNetwork || status.phase === "Succeeded" || status.phase === "Failed") {
        return [];
    }
    const ports = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap(({ ports: own = [] }) =>
        own.flatMap(({ name, containerPort }) => (name ? [[name, containerPort] as const] : [])),
    );
    return [
        {
            namespace: metadata?.namespace ?? "",
            labels: metadata?.labels ?? {},
            ip,
            ports: Object.fromEntries(ports),
        },
    ];
}

function informer<T extends k8s.KubernetesObject>(path: string, list: () => Promise<k8s.KubernetesListObject<T>>) {
    const made = k8s.makeInformer<T>(config, path, list);
    for (const event of ["add", "update", "delete"] as const) {
        made.on(event, soon);
    }
    made.on("error", () => setTimeout(() => void made.start(), 1000));
    return made;
}

let scheduled: NodeJS.Timeout | undefined;
/** Events come in bursts. */
function soon(): void {
    scheduled ??= setTimeout(() => {
        scheduled = undefined;
        apply();
    }, 50);
}

async function main(): Promise<void> {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => {
            nft(`add table ip ${TABLE}\ndelete table ip ${TABLE}\n`);
            process.exit(0);
        });
    }
    await Promise.all([policies.start(), pods.start(), namespaces.start()]);
    apply();
}

void main();
