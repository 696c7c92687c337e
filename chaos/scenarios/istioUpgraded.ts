import { restart, rolledOut } from "../stage/faults";
import { startCaller } from "../stage/load";
import { olderIstio } from "../stage/olderIstio";
import { APPS, CANARY_TAG, GATEWAY, SIDES } from "../stage/places";
import { PatchStrategy } from "@kubernetes/client-node";
import { PodRef, waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { Stage } from "../stage/stage";
import { Scenario } from "../scenario";

export const istioInPlace: Scenario = {
    name: "istio-in-place",
    what: "istiod is upgraded from an older version by `pulumi up`, and then the gateway's pods are replaced",
    promised: { text: "0 failed calls" },
    run: async (stage) => {
        const older = await olderIstio(stage.local.settings.mesh, stage.tell);
        try {
            await stage.changeMesh(older);
            await replacePods(stage);
            const before = await versionOf(stage);
            // The alternatives' pods stay as they are, and tell what the machine does meanwhile.
            const report = await stage.underLoad(async () => {
                await stage.changeMesh();
                await replacePods(stage);
            });
            const after = await versionOf(stage);
            const findings = { "version of the gateway before": before, "and after": after };
            return { ...report, findings, missed: before === after ? ["the gateway's version did not change"] : [] };
        } catch (error) {
            await stage.changeMesh();
            await replacePods(stage);
            throw error;
        }
    },
};

export const istioByRevision: Scenario = {
    name: "istio-by-revision",
    what: "next to the first control plane there is one of an older version; the gateway and a caller move to it, and back, which is an upgrade",
    promised: { text: "0 failed calls" },
    run: async (stage) => {
        const canaryMesh = await olderIstio(stage.local.settings.mesh, stage.tell);
        let [first, canary, caller, back] = ["", "", "", ""];
        const { ours } = await stage.underLoad(async () => {
            first = await versionOf(stage);
            try {
                await stage.change({ canary: "installed", canaryMesh });
                await stage.change({ canary: "used" });
                await rolledOut(stage.cluster, GATEWAY);
                await labelApps(stage, { "istio-injection": null, "istio.io/rev": CANARY_TAG });
                const moved = await startCaller(stage.cluster, "moved", stage.local.settings.curlImage);
                canary = await versionOf(stage);
                caller = await versionOf(stage, moved);
                await waitFor("calls of the caller that has moved", 60, async () => {
                    return (await stage.status(SIDES.ours, moved)) === 200;
                });
            } finally {
                await labelApps(stage, { "istio-injection": "enabled", "istio.io/rev": null });
                await stage.change({ canary: "installed" });
                await rolledOut(stage.cluster, GATEWAY);
                back = await versionOf(stage);
                await stage.cluster.remove({
                    apiVersion: "v1",
                    kind: "Pod",
                    metadata: { name: "moved", namespace: APPS },
                });
                await stage.change({ canary: "none", canaryMesh: undefined });
            }
        });
        const findings = {
            "version and control plane of the gateway": canary,
            "of a caller that the tag has moved": caller,
            "of the gateway after the way back": back,
        };
        const moved = canary !== first && caller === canary && back === first;
        return { ours, findings, missed: moved ? [] : ["gateway and caller did not move there and back"] };
    },
};

/** Gives the gateway the proxy that its control plane injects now. */
async function replacePods({ cluster }: Stage): Promise<void> {
    await restart(cluster, GATEWAY);
    await rolledOut(cluster, GATEWAY);
}

async function labelApps(stage: Stage, labels: Record<string, string | null>): Promise<void> {
    const namespace = {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: APPS, labels: labels as Record<string, string> },
    };
    await stage.cluster.objects.patch(namespace, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

/** A proxy's version of Istio, and the control plane that it is connected to, as its bootstrap has them; of the gateway where none is named. */
async function versionOf(stage: Stage, pod?: PodRef): Promise<string> {
    const info = await proxyPage(stage.cluster, pod ?? (await stage.gatewayPods())[0], "server_info");
    const of = (pattern: RegExp) => pattern.exec(info)?.[1] ?? "unknown";
    return `${of(/"ISTIO_VERSION": ?"([^"]*)"/)}, ${of(/"discoveryAddress": ?"(istiod[^.]*)\./)}`;
}
