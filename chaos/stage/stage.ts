import { Stack } from "@pulumi/pulumi/automation";
import { buildProgram } from "../../lab/build/build";
import { up } from "../../lab/cluster/up";
import { EngineChoice, findPlugins, PluginChoice } from "../../lab/engine";
import { labCluster, LocalCluster } from "../../lab/local/cluster";
import { localEngine } from "../../lab/local/engine";
import { openLocalStack, openProofStack } from "../../lab/local/stack";
import { AnyObject, Cluster, PodRef, waitFor } from "../../lab/proof/cluster";
import { Call, outcomeOf, Outcome } from "../outcome";
import { PARTNER, Partner } from "../partner/partner";
import { Report } from "../report";
import { handTuned } from "./handTuned";
import { Load, startCaller, Stream } from "./load";
import { PARTNER_ADDRESSES, setAddresses } from "./partnerAddresses";
import { pause } from "./pause";
import { APPS, GATEWAY, GUIDES_HOSTS, HAND, HAND_HOST, HOSTS, PARTNERS, SIDES, Side } from "./places";
import { chaosProgram, Settings } from "./program";

type Tell = (line: string) => void;

/** What every scenario starts from. */
const INITIAL: Settings = {
    gateway: { minReplicas: 2 },
    moreHosts: [],
    client: undefined,
    canary: "none",
    canaryMesh: undefined,
};

/** Where scenarios play: the local environment with a gateway of two replicas, callers, and a partner that behaves badly on demand. */
export class Stage {
    private constructor(
        readonly local: LocalCluster,
        readonly cluster: Cluster,
        readonly stack: Stack,
        readonly partner: Partner,
        readonly callers: PodRef[],
        /** A caller without a sidecar, which the hand-written Envoy serves. */
        readonly outside: PodRef | undefined,
        readonly settings: Settings,
        /** The engine, for scenarios that use it in another way. */
        readonly setup: { engine: EngineChoice; plugins: PluginChoice[] },
        readonly tell: Tell,
    ) {}

    static async open(tell: Tell): Promise<Stage> {
        await buildProgram("vegeta", tell);
        const local = labCluster(await up({ onProgress: tell }));
        const engine = await localEngine({ download: false, build: true, say: tell });
        const plugins = await findPlugins({ engine });
        tell("the local environment");
        await (await openLocalStack(engine, plugins, local)).up({ refresh: true });
        return Stage.openIn(local, engine, plugins, tell);
    }

    /** The stage in a local environment that is up. */
    static async openIn(
        local: LocalCluster,
        engine: EngineChoice,
        plugins: PluginChoice[],
        tell: Tell = () => undefined,
    ): Promise<Stage> {
        const cluster = new Cluster(local.kubeconfig, local.context);
        await setAddresses(true);
        const names = [...Object.values(HOSTS), HAND_HOST, ...GUIDES_HOSTS, "*.more.example"];
        const partner = await Partner.start(names, PARTNER_ADDRESSES);
        const settings = structuredClone(INITIAL);
        const program = chaosProgram(local, partner.pki, settings);
        const stack = await openProofStack(engine, plugins, local, "chaos", program);
        // A run that was killed leaves its lock.
        await stack.cancel().catch(() => undefined);
        const stage = (callers: PodRef[], outside?: PodRef) =>
            new Stage(local, cluster, stack, partner, callers, outside, settings, { engine, plugins }, tell);
        try {
            for (const object of [...partnerService(PARTNER_ADDRESSES.slice(0, 1)), appsNamespace()]) {
                await cluster.apply(object);
            }
            const { mesh, curlImage: image } = local.settings;
            for (const object of handTuned(`${mesh.hub}/proxyv2:${mesh.tag}`, partner.pki)) {
                await cluster.apply(object);
            }
            tell("a gateway of two replicas; next to it the guides' layout and a hand-written Envoy");
            await stack.up({ refresh: true });
            const callers = [
                await startCaller(cluster, "caller-a", image),
                await startCaller(cluster, "caller-b", image),
            ];
            const outside = await startCaller(cluster, "caller-outside", image, false);
            for (const [side, host] of Object.entries(SIDES)) {
                const caller = side === "hand" ? outside : callers[0];
                await waitFor(`${host} to answer`, 60, async () => (await curl(cluster, caller, host)) === 200);
            }
            return stage(callers, outside);
        } catch (error) {
            await stage([]).close();
            throw error;
        }
    }

    /** Removes everything that is the stage's own. */
    async close(): Promise<void> {
        await this.partner.stop();
        await setAddresses(false);
        // A run that ends early may be in an update.
        await this.stack.cancel().catch(() => undefined);
        await this.stack.destroy({ refresh: true });
        await this.stack.workspace.removeStack(this.stack.name);
        for (const name of [APPS, PARTNERS, HAND.namespace]) {
            await this.cluster.remove({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
    }

    /** Another stack of the same program, which claims everything that the stage's own has. */
    secondStack(): Promise<Stack> {
        return this.openStack("chaos-second");
    }

    /** The stage's own stack as somebody else has it, who has changed settings. */
    sameStack(settings: Partial<Settings>): Promise<Stack> {
        return this.openStack(this.stack.name, settings);
    }

    private openStack(name: string, settings: Partial<Settings> = {}): Promise<Stack> {
        const { engine, plugins } = this.setup;
        const program = chaosProgram(this.local, this.partner.pki, { ...this.settings, ...settings });
        return openProofStack(engine, plugins, this.local, name, program);
    }

    /** Brings the local environment up with another mesh, or with its own again. */
    async changeMesh(mesh = this.local.settings.mesh): Promise<void> {
        const { engine, plugins } = this.setup;
        const local = { ...this.local, settings: { ...this.local.settings, mesh } };
        await (await openLocalStack(engine, plugins, local)).up({ refresh: true });
    }

    /** Brings the stage up with changed settings. */
    async change(settings: Partial<Settings>): Promise<void> {
        Object.assign(this.settings, settings);
        await this.stack.up();
    }

    /** Undoes every change of settings. */
    async restore(): Promise<void> {
        await this.change(structuredClone(INITIAL));
    }

    /** Has the partner's name resolve to these addresses; without any, to its usual one. */
    async resolvePartnerTo(addresses = PARTNER_ADDRESSES.slice(0, 1)): Promise<void> {
        for (const object of partnerService(addresses)) {
            await this.cluster.apply(object);
        }
    }

    /** What callers see of a fault, from before it until after it, through our gateway and through the alternatives. */
    async underLoad(fault: () => Promise<void>): Promise<Report> {
        const { ours, guides, hand } = await this.withStreams(usualLoad(this.callers, this.outside!), fault);
        return { ours, alternatives: { [GUIDES_LAYOUT]: guides, [HAND_TUNED]: hand } };
    }

    /** What became of the calls of these streams, by the part of their names before the slash. */
    async withStreams(
        load: { pod: PodRef; streams: Stream[] }[],
        fault: () => Promise<void>,
    ): Promise<Record<string, Outcome>> {
        await this.partner.seen();
        const running = await Load.start(this.cluster, load);
        try {
            // As much of the load is before the fault and after it as shows that it worked then.
            await pause(CALM_SECONDS);
            await fault();
            await pause(CALM_SECONDS);
        } catch (error) {
            await running.end().catch(() => undefined);
            throw error;
        }
        const ended = Date.now();
        const calls = await running.end();
        assertLasted(
            load.flatMap(({ streams }) => streams),
            calls,
            ended,
        );
        const { doubled } = await this.partner.seen();
        const sides = new Set(load.flatMap(({ streams }) => streams.map(({ name }) => name.split("/")[0])));
        return Object.fromEntries(
            [...sides].map((side) => {
                const isOf = (text: string) => text.startsWith(`${side}/`);
                const twice = doubled.filter((url) => isOf(url.slice(1))).length;
                return [
                    side,
                    outcomeOf(
                        calls.filter(({ stream }) => isOf(stream)),
                        twice,
                    ),
                ];
            }),
        );
    }

    /** The gateway's pods that are not being deleted. */
    async gatewayPods(): Promise<PodRef[]> {
        const pods = await this.cluster.pods(GATEWAY.namespace, `istio=${GATEWAY.name}`);
        return pods.map(({ metadata }) => ({
            namespace: GATEWAY.namespace,
            name: metadata?.name ?? "",
            container: "istio-proxy",
        }));
    }

    /** HTTP status that an application gets for a call; 0 without an answer. */
    async status(host: string, caller = this.callers[0]): Promise<number> {
        return curl(this.cluster, caller, host);
    }

    /** What becomes of so many calls that are made at the same moment. */
    async atOnce(host: string, calls: number): Promise<Outcome> {
        const at = Date.now();
        // Each call has a URL of its own, by which the partner tells whether it comes twice.
        const url = `http://${host}/${host}?${at.toString(36)}-[1-${calls}]`;
        const parallel = `--parallel --parallel-max ${calls} --parallel-immediate`;
        const command = `curl -s -o /dev/null -m 15 -X POST ${parallel} -w`.split(" ");
        const { stdout } = await this.cluster.exec(this.callers[0], [...command, "%{http_code} %{time_total}\\n", url]);
        const lines = stdout.trim().split("\n");
        return outcomeOf(
            lines.map((line) => {
                const [status, seconds] = line.split(" ");
                const failure = status === "200" ? undefined : status;
                return { stream: host, at, milliseconds: Number(seconds) * 1000, failure };
            }),
        );
    }
}

const CALM_SECONDS = 5;

/** Fails where a stream ended before the load did: nobody would have seen what came then. */
function assertLasted(streams: Stream[], calls: Call[], end: number): void {
    for (const { name } of streams) {
        const last = calls.filter(({ stream }) => stream === name).reduce((latest, { at }) => Math.max(latest, at), 0);
        if (last < end - CALM_SECONDS * 1000) {
            throw new Error(`the calls ${name} ended ${Math.round((end - last) / 1000)} s before the load did`);
        }
    }
}

export const GUIDES_LAYOUT = "the guides' layout, two replicas";
const HAND_TUNED = "a hand-tuned Envoy, two replicas";

/** The load of most scenarios: some 160 calls a second through our gateway, 60 through each alternative. */
function usualLoad([one, other]: PodRef[], outside: PodRef): { pod: PodRef; streams: Stream[] }[] {
    const of = (side: Side, kind: string, stream: Omit<Stream, "name" | "host">): Stream => {
        return { name: `${side}/${kind}`, host: SIDES[side], ...stream };
    };
    return [
        {
            pod: one,
            streams: [
                of("ours", "get", { method: "GET", rate: 60, keepAlive: true }),
                of("ours", "post", { method: "POST", rate: 40, keepAlive: true }),
                of("guides", "get", { method: "GET", rate: 20, keepAlive: true }),
                of("guides", "post", { method: "POST", rate: 20, keepAlive: true }),
            ],
        },
        {
            pod: other,
            streams: [
                of("ours", "get-fresh", { method: "GET", rate: 30, keepAlive: false }),
                of("ours", "post-fresh", { method: "POST", rate: 30, keepAlive: false }),
                of("guides", "get-fresh", { method: "GET", rate: 20, keepAlive: false }),
            ],
        },
        {
            pod: outside,
            streams: [
                of("hand", "get", { method: "GET", rate: 20, keepAlive: true }),
                of("hand", "post", { method: "POST", rate: 20, keepAlive: true }),
                of("hand", "get-fresh", { method: "GET", rate: 20, keepAlive: false }),
            ],
        },
    ];
}

async function curl(cluster: Cluster, caller: PodRef, host: string): Promise<number> {
    const command = ["curl", "-s", "-o", "/dev/null", "-m", "15", "-w", "%{http_code}", `http://${host}/`];
    return Number((await cluster.exec(caller, command)).stdout);
}

function appsNamespace(): AnyObject {
    return { apiVersion: "v1", kind: "Namespace", metadata: { name: APPS, labels: { "istio-injection": "enabled" } } };
}

/** A name for the partner in the cluster's DNS, whose addresses can be changed. */
function partnerService(addresses: string[]): AnyObject[] {
    const metadata = { name: "partner", namespace: PARTNERS };
    const ports = [{ name: "https", port: PARTNER.port }];
    return [
        {
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: PARTNERS, labels: { "istio-injection": "disabled" } },
        },
        { apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "None", ports } },
        {
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            metadata: { ...metadata, labels: { "kubernetes.io/service-name": "partner" } },
            addressType: "IPv4",
            ports,
            endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
        },
    ];
}
