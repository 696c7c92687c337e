import { AnyObject, PodRef, waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { nodeAddress } from "../../lab/cluster/addresses";
import { gatewayObjects } from "../../plan/gateway";
import { KubernetesObject } from "../../plan/kubernetesObject";
import { BenchMesh, CALLERS, GATEWAY, applyAll, openBenchMesh } from "../cluster/benchMesh";
import { Load, LoadOptions, load, startFortio } from "../cluster/fortio";
import { ADDRESS, CLIENTS, OUTSIDE, PARTNER, PARTNER_NAMESPACE, startPartner } from "../cluster/partner";
import { egressRoute } from "../cluster/route";
import { Figure, Part } from "../part";
import { farAway } from "./distance";
import { settledBy } from "./settled";

/** Calls that are open at once. */
const CONNECTIONS = 8;
/** Of each load; rounds take turns, so that what disturbs the machine for a while disturbs all sides. */
const SECONDS = 3;
const ROUNDS = 3;

const OWN = "the application's own mTLS";
const OWN_IN_MESH = "its own mTLS, in a pod of the mesh";

type Side = () => Promise<Load>;

interface Scene {
    mesh: BenchMesh;
    /** In the mesh, and outside of it. */
    inside: PodRef;
    outside: PodRef;
}

/** fortio, sidecar, gateway and server share the machine's cores, and so does what each is compared with. */
export const dataPath: Part = {
    name: "data-path",
    what: "Calls through the gateway beside the application's own mTLS, and what the defaults are worth",
    run: async (tell) => {
        const mesh = await openBenchMesh(tell);
        const { cluster } = mesh;
        await startPartner(cluster, mesh.nginxImage);
        for (const [name, { host, port }] of Object.entries(PARTNER)) {
            const credential = name === "rsa" ? CLIENTS.rsa : CLIENTS.ecdsa;
            await applyAll(cluster, egressRoute({ hosts: [host], port, credential }));
        }
        const scene: Scene = {
            mesh,
            inside: await startFortio(cluster, CALLERS, "fortio", mesh.curlImage),
            outside: await startFortio(cluster, OUTSIDE, "fortio", mesh.curlImage),
        };
        await ready(scene);
        return [
            await idleConnections(scene, tell),
            ...(await besideOwn(scene, tell)),
            ...(await defaults(scene, tell)),
        ];
    },
};

async function ready({ mesh: { cluster }, inside }: Scene): Promise<void> {
    for (const { host } of Object.values(PARTNER)) {
        const options = { rate: 20, connections: 1, seconds: 1, keepAlive: true };
        await waitFor(`${host} to answer`, 30, async () => {
            return (await load(cluster, inside, `http://${host}/`, options)).failed === 0;
        });
    }
}

type Kind = "keepAlive" | "fresh" | "at200" | "at200fresh";

const KINDS: Record<Kind, Pick<LoadOptions, "rate" | "keepAlive">> = {
    keepAlive: { rate: 0, keepAlive: true },
    fresh: { rate: 0, keepAlive: false },
    at200: { rate: 200, keepAlive: true },
    at200fresh: { rate: 200, keepAlive: false },
};

type Server = "ecdsa" | "rsa" | "logging";

function through({ mesh, inside }: Scene, server: Server, kind: Kind): Side {
    const options = { ...KINDS[kind], connections: CONNECTIONS, seconds: SECONDS };
    return () => load(mesh.cluster, inside, `http://${PARTNER[server].host}/`, options);
}

function own({ mesh }: Scene, from: PodRef, server: Server, kind: Kind): Side {
    const { host, port } = PARTNER[server];
    const certificates = server === "rsa" ? "/client-rsa" : "/client";
    const options = { ...KINDS[kind], connections: CONNECTIONS, seconds: SECONDS, certificates, resolve: ADDRESS };
    return () => load(mesh.cluster, from, `https://${host}:${port}/`, options);
}

/** Runs the sides in turns, and gives the middle one of each side's rounds, by its rate or its 90th percentile. */
async function inTurns<K extends string>(
    sides: Record<K, Side>,
    by: "rate" | "p90",
    tell: (line: string) => void,
): Promise<Record<K, Load & { spread: string }>> {
    const names = Object.keys(sides) as K[];
    const all = Object.fromEntries(names.map((name) => [name, [] as Load[]])) as Record<K, Load[]>;
    for (let round = 0; round < ROUNDS; round++) {
        for (const name of names) {
            all[name].push(await settledBy(sides[name], tell));
        }
    }
    return Object.fromEntries(
        names.map((name) => {
            const sorted = all[name].sort((a, b) => a[by] - b[by]);
            const digits = by === "rate" ? 0 : 2;
            const failed = sorted.reduce((sum, one) => sum + one.failed, 0);
            const calls = sorted.reduce((sum, one) => sum + one.calls, 0);
            const spread = `${sorted[0][by].toFixed(digits)} to ${sorted[ROUNDS - 1][by].toFixed(digits)}`;
            tell(`${name}: ${by} ${spread}, ${failed} of ${calls} failed`);
            return [name, { ...sorted[Math.floor(ROUNDS / 2)], failed, calls, spread }];
        }),
    ) as Record<K, Load & { spread: string }>;
}

async function besideOwn(scene: Scene, tell: (line: string) => void): Promise<Figure[]> {
    const figures: Figure[] = [];
    const servers: [Server, string][] = [
        ["logging", "a server that logs as MtlsServer does"],
        ["ecdsa", "a server that does nothing else"],
    ];
    for (const [server, what] of servers) {
        for (const kind of ["keepAlive", "fresh"] as const) {
            tell(`full load, ${kind}, ${what}`);
            const got = await inTurns(
                {
                    ours: through(scene, server, kind),
                    own: own(scene, scene.outside, server, kind),
                    inMesh: own(scene, scene.inside, server, kind),
                },
                "rate",
                tell,
            );
            figures.push({
                id: `${server}.${kind}`,
                what: `full load ${kind === "keepAlive" ? "with" : "without"} keep-alive, ${what}`,
                unit: "req/s",
                ours: got.ours.rate,
                alternatives: { [OWN]: got.own.rate, [OWN_IN_MESH]: got.inMesh.rate },
                better: "more",
                ...(server === "logging" && {
                    goal: { at: "least" as const, value: kind === "keepAlive" ? 0.6 : 3, over: OWN },
                }),
                note: `${ROUNDS} rounds: ${got.ours.spread}; own ${got.own.spread}; p90 ${got.ours.p90.toFixed(1)} ms against ${got.own.p90.toFixed(1)} ms`,
            });
        }
    }
    for (const kind of ["at200", "at200fresh"] as const) {
        tell(`200 calls a second, ${kind}`);
        const got = await inTurns(
            { ours: through(scene, "logging", kind), own: own(scene, scene.outside, "logging", kind) },
            "p90",
            tell,
        );
        const rest = `200/s ${kind === "at200" ? "with" : "without"} keep-alive`;
        for (const percentile of ["p50", "p90", "p99"] as const) {
            figures.push({
                ...{ id: `${kind}.${percentile}`, what: `${percentile}, ${rest}`, unit: "ms", better: "less" },
                ours: got.ours[percentile],
                alternatives: { [OWN]: got.own[percentile] },
            });
        }
        figures.push({
            ...{ id: `${kind}.added-p90`, what: `p90 that the gateway adds, ${rest}`, unit: "ms", better: "less" },
            ours: got.ours.p90 - got.own.p90,
            goal: { at: "most", value: 3 },
            note: `${ROUNDS} rounds: ${got.ours.spread} against ${got.own.spread}; ${got.ours.failed} of ${got.ours.calls} failed`,
        });
    }
    return figures;
}

/** A default and its other choice, and how to set either. */
interface Choice {
    id: string;
    what: string;
    default: string;
    other: string;
    kinds: Kind[];
    set(scene: Scene, isDefault: boolean): Promise<void>;
}

const LEG = `outbound|443||${GATEWAY.name}.${GATEWAY.namespace}.svc.cluster.local`;

const CHOICES: Choice[] = [
    {
        id: "leg",
        what: "from sidecar to gateway",
        default: "HTTP/2",
        other: "HTTP/1.1",
        kinds: ["keepAlive", "fresh"],
        set: async ({ mesh: { cluster }, inside }, isDefault) => {
            const rule = structuredClone(gatewayObjects(GATEWAY).destinationRule) as unknown as AnyObject & {
                spec: { trafficPolicy: { portLevelSettings: { connectionPool: unknown }[] } };
            };
            const h2UpgradePolicy = isDefault ? "UPGRADE" : "DO_NOT_UPGRADE";
            rule.spec.trafficPolicy.portLevelSettings[0].connectionPool = { http: { h2UpgradePolicy } };
            await cluster.apply(rule);
            await waitFor(`${h2UpgradePolicy} in the sidecar`, 30, async () => {
                const page = await proxyPage(cluster, inside, "config_dump?resource=dynamic_active_clusters");
                const { configs } = JSON.parse(page) as { configs: { cluster: { name: string } }[] };
                const leg = configs.find(({ cluster: { name } }) => name === LEG);
                return JSON.stringify(leg).includes("http2_protocol_options") === isDefault;
            });
        },
    },
];

async function defaults(scene: Scene, tell: (line: string) => void): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const choice of CHOICES) {
        for (const kind of choice.kinds) {
            tell(`${choice.what}, ${kind}`);
            const side = (isDefault: boolean): Side => {
                const call = through(scene, "ecdsa", kind);
                return async () => {
                    await choice.set(scene, isDefault);
                    return call();
                };
            };
            const got = await inTurns({ ours: side(true), other: side(false) }, "rate", tell);
            await choice.set(scene, true);
            figures.push({
                id: `${choice.id}.${kind}`,
                what: `${choice.what}: ${choice.default}; ${kind === "fresh" ? "without" : "with"} keep-alive`,
                unit: "req/s",
                ours: got.ours.rate,
                alternatives: { [choice.other]: got.other.rate },
                better: "more",
                note: `${ROUNDS} rounds: ${got.ours.spread} against ${got.other.spread}`,
            });
        }
    }
    for (const kind of ["keepAlive", "fresh"] as const) {
        tell(`keys, ${kind}`);
        const got = await inTurns(
            { ours: through(scene, "ecdsa", kind), other: through(scene, "rsa", kind) },
            "rate",
            tell,
        );
        figures.push({
            id: `keys.${kind}`,
            what: `client and server with ECDSA P-256 certificates, ${kind === "fresh" ? "without" : "with"} keep-alive`,
            unit: "req/s",
            ours: got.ours.rate,
            alternatives: { "RSA 2048": got.other.rate },
            better: "more",
            note: `${ROUNDS} rounds: ${got.ours.spread} against ${got.other.spread}`,
        });
    }
    return figures;
}

/** Less than the server keeps a connection without calls. */
const IDLE = "4s";

/** Calls that meet a connection which the server has just closed: bursts as far apart as it keeps idle connections. */
async function idleConnections({ mesh: { cluster }, inside }: Scene, tell: (line: string) => void): Promise<Figure> {
    const { host, port } = PARTNER.hasty;
    const address = (await cluster.pods(PARTNER_NAMESPACE, "app=partner"))[0].status?.podIP ?? "";
    const distance = await farAway({ address, port });
    try {
        const failed = async (idleTimeout?: string) => {
            const objects = egressRoute({ hosts: [host], port: distance.port, address: nodeAddress });
            await applyAll(cluster, idleTimeout ? objects.map((object) => closing(object, idleTimeout)) : objects);
            const warm = { rate: 20, connections: 1, seconds: 1, keepAlive: true };
            await waitFor(`${host} to answer from afar`, 30, async () => {
                return (await load(cluster, inside, `http://${host}/`, warm)).failed === 0;
            });
            const connections = 40;
            const result = await load(cluster, inside, `http://${host}/`, {
                ...{ connections, rate: connections / 5.02, seconds: 26, keepAlive: true, together: true },
            });
            tell(`idle for ${idleTimeout ?? "an hour"}: ${result.failed} of ${result.calls} failed`);
            return result;
        };
        const ours = await failed();
        const closed = await failed(IDLE);
        return {
            id: "idle.failed",
            what: `calls that failed, of ${ours.calls} in bursts every 5 s to a server 40 ms away that keeps idle connections for 5 s`,
            unit: "count",
            ours: ours.failed,
            alternatives: { [`connections closed after ${IDLE} without a call`]: closed.failed },
            better: "less",
            goal: { at: "most", value: 0 },
        };
    } finally {
        distance.close();
    }
}

/** The rule of a host, with connections that are closed after some time without a call. */
function closing(object: KubernetesObject, idleTimeout: string): KubernetesObject {
    if (object.kind !== "DestinationRule") {
        return object;
    }
    const changed = structuredClone(object);
    const { trafficPolicy } = changed.spec as {
        trafficPolicy: { portLevelSettings: { connectionPool: Record<string, unknown> }[] };
    };
    trafficPolicy.portLevelSettings[0].connectionPool.http = { idleTimeout };
    return changed;
}
