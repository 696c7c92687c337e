import { AnyObject, PodRef, waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { gatewayObjects, gatewayValues } from "../../plan/mesh/gateway";
import { BenchMesh, CALLERS, GATEWAY, applyAll } from "../cluster/benchMesh";
import { startFortio } from "../cluster/fortio";
import { PARTNER } from "../cluster/partner";
import { egressRoute } from "../cluster/route";
import { withPool } from "./connectionPool";
import { Kind, DataPathSetup, Server, answered } from "./setup";

/** A default of the components and its other choice. */
export interface Choice {
    id: string;
    what: string;
    default: string;
    other: string;
    kinds: Kind[];
    /** Makes one of them so, returns once the proxies have it, and says who calls which server then. */
    set(setup: DataPathSetup, isDefault: boolean): Promise<{ setup: DataPathSetup; server: Server }>;
}

const LEG = `outbound|443||${GATEWAY.name}.${GATEWAY.namespace}.svc.cluster.local`;
const PARTNER_CLUSTER = `outbound|80||${PARTNER.ecdsa.host}`;
const ANNOTATION = "proxy.istio.io/config";

const leg: Choice = {
    id: "leg",
    what: "from sidecar to gateway",
    default: "HTTP/2",
    other: "HTTP/1.1",
    kinds: ["keepAlive", "fresh", "at1000"],
    set: async (setup, isDefault) => {
        const { mesh, inside } = setup;
        const rule = structuredClone(gatewayObjects(GATEWAY).destinationRule) as unknown as AnyObject & {
            spec: { trafficPolicy: { portLevelSettings: { connectionPool: unknown }[] } };
        };
        const h2UpgradePolicy = isDefault ? "UPGRADE" : "DO_NOT_UPGRADE";
        rule.spec.trafficPolicy.portLevelSettings[0].connectionPool = { http: { h2UpgradePolicy } };
        await mesh.cluster.apply(rule);
        await waitFor(`${h2UpgradePolicy} in the sidecar`, 30, async () => {
            return (await clusterOf(mesh, inside, LEG)).includes("http2_protocol_options") === isDefault;
        });
        return { setup, server: "ecdsa" };
    },
};

const keys: Choice = {
    id: "keys",
    what: "certificates of client and server",
    default: "ECDSA P-256",
    other: "RSA 2048",
    kinds: ["keepAlive", "fresh", "at1000"],
    set: (setup, isDefault) => Promise.resolve({ setup, server: isDefault ? "ecdsa" : "rsa" }),
};

const accessLog: Choice = {
    id: "access-log",
    what: "access log of sidecar and gateway",
    default: "on",
    other: "off",
    kinds: ["keepAlive", "at1000"],
    set: async (setup, isDefault) => {
        const { cluster, gateway } = setup.mesh;
        for (const namespace of [CALLERS, GATEWAY.namespace]) {
            await cluster.apply({
                apiVersion: "telemetry.istio.io/v1",
                kind: "Telemetry",
                metadata: { name: "access-log", namespace },
                spec: { accessLogging: [{ providers: [{ name: "envoy" }], disabled: !isDefault }] },
            });
        }
        for (const pod of [await gateway(), setup.inside]) {
            await waitFor(`the access log of ${pod.name} to be ${isDefault ? "on" : "off"}`, 30, async () => {
                const page = await proxyPage(cluster, pod, "config_dump?resource=dynamic_listeners");
                // Draining ones are listed too, unchanged.
                const { configs } = JSON.parse(page) as { configs: { active_state?: unknown }[] };
                const active = configs.map(({ active_state }) => active_state);
                return JSON.stringify(active).includes("FileAccessLog") === isDefault;
            });
        }
        return { setup, server: "ecdsa" };
    },
};

const gatewayWorkers: Choice = {
    id: "workers",
    what: "workers of the gateway",
    default: "by CPU limit, here 2",
    other: "1",
    kinds: ["keepAlive", "fresh", "at1000"],
    set: async (setup, isDefault) => {
        const { cluster, gateway } = setup.mesh;
        const request = { ...GATEWAY, meshNamespace: "istio-system", minReplicas: 1, maxReplicas: 1 };
        const values = gatewayValues({ ...request, ...(!isDefault && { workers: 1 }) });
        const annotations = values["podAnnotations"] as Record<string, string>;
        await cluster.apply({
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: GATEWAY,
            spec: { template: { metadata: { annotations } } },
        });
        await waitFor("the gateway's pod to be replaced", 90, async () => {
            const pods = await cluster.pods(GATEWAY.namespace, `istio=${GATEWAY.name}`);
            return pods.length === 1 && pods[0].metadata?.annotations?.[ANNOTATION] === annotations[ANNOTATION];
        });
        await gateway();
        await answered(setup, PARTNER.ecdsa.host);
        return { setup, server: "ecdsa" };
    },
};

const callerWorkers: Choice = {
    id: "caller-workers",
    what: "workers of the caller's sidecar",
    default: "by CPU limit, here 2",
    other: "1",
    kinds: ["keepAlive", "fresh", "at1000"],
    set: async (setup, isDefault) => {
        const inside = isDefault ? setup.inside : await oneWorker(setup.mesh);
        await answered({ ...setup, inside }, PARTNER.ecdsa.host);
        return { setup: { ...setup, inside }, server: "ecdsa" };
    },
};

const calls: Choice = {
    id: "calls-a-connection",
    what: "calls a connection to the partner",
    default: "no limit",
    other: "100",
    kinds: ["keepAlive", "at1000"],
    set: async (setup, isDefault) => {
        const { mesh } = setup;
        const { host, port } = PARTNER.ecdsa;
        const objects = egressRoute({ hosts: [host], port });
        await applyAll(mesh.cluster, isDefault ? objects : withPool(objects, { maxRequestsPerConnection: 100 }));
        await waitFor("the limit of calls in the gateway", 30, async () => {
            const pod = await mesh.gateway();
            return (await clusterOf(mesh, pod, PARTNER_CLUSTER)).includes("max_requests_per_connection") !== isDefault;
        });
        return { setup, server: "ecdsa" };
    },
};

export const CHOICES = [leg, keys, accessLog, gatewayWorkers, callerWorkers, calls];

/** A cluster of a proxy's, as JSON. */
async function clusterOf({ cluster }: BenchMesh, pod: PodRef, name: string): Promise<string> {
    const page = await proxyPage(cluster, pod, "config_dump?resource=dynamic_active_clusters");
    const { configs } = JSON.parse(page) as { configs: { cluster: { name: string } }[] };
    return JSON.stringify(configs.find((one) => one.cluster.name === name) ?? "");
}

let started: Promise<PodRef> | undefined;

/** A caller whose sidecar has one worker. */
function oneWorker({ cluster, curlImage }: BenchMesh): Promise<PodRef> {
    const annotations = { [ANNOTATION]: JSON.stringify({ concurrency: 1 }) };
    return (started ??= startFortio(cluster, CALLERS, "fortio-one-worker", curlImage, annotations));
}
