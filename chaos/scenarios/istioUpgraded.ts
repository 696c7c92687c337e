import { ISTIOD, restart, rolledOut } from "../stage/faults";
import { startCaller } from "../stage/load";
import { APPS, CANARY, GATEWAY, SIDES } from "../stage/places";
import { PatchStrategy } from "@kubernetes/client-node";
import { waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

export const istioInPlace: Scenario = {
    name: "istio-in-place",
    what: "istiod is replaced, and then the gateway, as an upgrade in place does; both versions are the same",
    promised: { text: "0 failed calls" },
    run: (stage) =>
        stage.underLoad(async () => {
            for (const deployment of [ISTIOD, GATEWAY]) {
                await restart(stage.cluster, deployment);
                await rolledOut(stage.cluster, deployment);
            }
        }),
};

export const istioByRevision: Scenario = {
    name: "istio-by-revision",
    what: "a second control plane is installed, the gateway and a caller move to it, and back; both versions are the same",
    promised: { text: "0 failed calls" },
    run: async (stage) => {
        const findings: Record<string, string> = {};
        const report = await stage.underLoad(async () => {
            try {
                await stage.change({ canary: "installed" });
                await stage.change({ canary: "used" });
                await rolledOut(stage.cluster, GATEWAY);
                await labelApps(stage, { "istio-injection": null, "istio.io/rev": CANARY });
                const moved = await startCaller(stage.cluster, "moved", stage.local.settings.curlImage);
                findings["control plane of the gateway"] = await revisionOf(stage, (await stage.gatewayPods())[0]);
                findings["of a caller that was started again"] = await revisionOf(stage, moved);
                await waitFor("calls of the caller that has moved", 60, async () => {
                    return (await stage.status(SIDES.ours, moved)) === 200;
                });
            } finally {
                await labelApps(stage, { "istio-injection": "enabled", "istio.io/rev": null });
                await stage.change({ canary: "installed" });
                await rolledOut(stage.cluster, GATEWAY);
                findings["of the gateway after the way back"] = await revisionOf(stage, (await stage.gatewayPods())[0]);
                await stage.cluster.remove({
                    apiVersion: "v1",
                    kind: "Pod",
                    metadata: { name: "moved", namespace: APPS },
                });
                await stage.change({ canary: "none" });
            }
        });
        return { ...report, findings };
    },
};

async function labelApps(stage: Stage, labels: Record<string, string | null>): Promise<void> {
    const namespace = {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: APPS, labels: labels as Record<string, string> },
    };
    await stage.cluster.objects.patch(namespace, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

/** The control plane that a proxy is connected to, as its bootstrap has it. */
async function revisionOf(stage: Stage, pod: Awaited<ReturnType<typeof startCaller>>): Promise<string> {
    const info = await proxyPage(stage.cluster, pod, "server_info");
    return /"discoveryAddress": ?"(istiod[^.]*)\./.exec(info)?.[1] ?? "unknown";
}
