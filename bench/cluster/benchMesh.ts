import { build, builtBinary } from "../../lab/build/build";
import { up } from "../../lab/cluster/up";
import { takeDownLater } from "../takeDown";
import { command } from "../../lab/command";
import { labCluster } from "../../lab/local/cluster";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { gatewayObjects, gatewayValues } from "../../plan/mesh/gateway";
import { KubernetesObject } from "../../plan/shared/kubernetesObject";
import { HelmValues } from "../../plan/mesh/helmValues";
import { ResolvedMesh, baseValues, istiodValues } from "../../plan/mesh/mesh";

/** The gateway of the benches. */
export const GATEWAY = { name: "egress-gateway", namespace: "istio-egress" };
/** Namespace of those who call. */
export const CALLERS = "payments";
const ROOT_NAMESPACE = "istio-system";

/** The lab with Istio and a gateway in it, made of the same values and objects as the components make. */
export interface BenchMesh {
    cluster: Cluster;
    curlImage: string;
    nginxImage: string;
    gateway: () => Promise<PodRef>;
    istiod: () => Promise<PodRef>;
    /** Restarts istiod and the gateway, so that neither has state from before. */
    restart: () => Promise<void>;
}

/** Takes down what runs in the lab, and the lab itself, before and after a part. */
export async function openBenchMesh(tell: (line: string) => void): Promise<BenchMesh> {
    const takeDown = () => command("npm", ["run", "--silent", "demo", "--", "--down", "--lab"]);
    takeDownLater(takeDown);
    await takeDown();
    await build("extra", tell);
    const running = await up({ onProgress: tell });
    const { kubeconfig, charts, images, meshValues } = running;
    const cluster = new Cluster(kubeconfig);
    const request: ResolvedMesh = {
        namespace: ROOT_NAMESPACE,
        trustDomain: "cluster.local",
        charts,
        hub: images.hub,
        tag: images.tag,
        values: meshValues,
    };
    const helm = (name: string, namespace: string, chart: string, values: HelmValues) =>
        command(
            builtBinary("helm"),
            [
                ...["--kubeconfig", kubeconfig, "upgrade", "--install", name, chart, "--namespace", namespace],
                ...["--create-namespace", "--wait", "--timeout", "3m", "--values", "-"],
            ],
            { input: JSON.stringify(values) },
        );
    const gateway = () => cluster.readyPod(GATEWAY.namespace, `istio=${GATEWAY.name}`, "istio-proxy");
    const istiod = () => cluster.readyPod(ROOT_NAMESPACE, "app=istiod", "discovery");
    const restart = async () => {
        for (const pod of [await istiod(), await gateway()]) {
            await cluster.remove({ apiVersion: "v1", kind: "Pod", metadata: pod }, 0);
        }
        await istiod();
        await gateway();
    };

    tell("installing Istio and the gateway");
    await helm("istio-base", ROOT_NAMESPACE, charts.base, baseValues(request));
    await helm("istiod", ROOT_NAMESPACE, charts.istiod, istiodValues(request));
    await istiod();
    await helm(
        GATEWAY.name,
        GATEWAY.namespace,
        charts.gateway,
        gatewayValues({ ...GATEWAY, meshNamespace: ROOT_NAMESPACE, minReplicas: 1, maxReplicas: 1 }),
    );
    await gateway();
    for (const object of Object.values<KubernetesObject>({ ...gatewayObjects(GATEWAY) })) {
        await applyWhenAccepted(cluster, object);
    }
    await cluster.apply(namespace(CALLERS, true));
    const { nginxImage = "nginx:1.29", curlImage } = labCluster(running).settings;
    return { cluster, curlImage, nginxImage, gateway, istiod, restart };
}

export function namespace(name: string, inMesh: boolean): AnyObject {
    const labels = { "istio-injection": inMesh ? "enabled" : "disabled" };
    return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** Applies the objects in their order, several at a time. */
export function applyAll(cluster: Cluster, objects: KubernetesObject[]): Promise<void> {
    return severalAtOnce(objects, (object) => cluster.apply(object as unknown as AnyObject));
}

/** Deletes the objects in their opposite order, several at a time. */
export function removeAll(cluster: Cluster, objects: KubernetesObject[]): Promise<void> {
    return severalAtOnce([...objects].reverse(), async (object) => {
        await cluster.objects.delete(object);
    });
}

async function severalAtOnce<T>(all: T[], work: (one: T) => Promise<void>): Promise<void> {
    const left = [...all];
    const worker = async () => {
        for (let one = left.shift(); one !== undefined; one = left.shift()) {
            await work(one);
        }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
}

/** istiod's webhook answers a little later than istiod is ready. */
async function applyWhenAccepted(cluster: Cluster, object: KubernetesObject): Promise<void> {
    await waitFor(`${object.kind} ${object.metadata.name} to be accepted`, 60, async () => {
        await cluster.apply(object as unknown as AnyObject);
        return true;
    });
}
