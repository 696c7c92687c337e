import { dirname } from "node:path";
import { builtBinary } from "../../lab/build/build";
import { waitFor, Cluster, PodRef } from "../../lab/proof/cluster";
import { Call } from "../outcome";
import { callsIn, printResults } from "../vegetaResults";
import { APPS } from "./places";

/** A load that nobody ends is over after this many seconds. */
const MOST_SECONDS = 3600;
/** After this, a caller gives up on a call. */
export const PATIENCE_SECONDS = 10;

const TOOL = "/vegeta/vegeta";
const FOLDER = "/tmp/load";

/** Calls of one kind, at a constant rate whatever becomes of them. */
export interface Stream {
    name: string;
    host: string;
    method: "GET" | "POST";
    /** Calls a second. */
    rate: number;
    keepAlive: boolean;
    /** A header of each call, such as `x-name: value`. */
    header?: string;
}

/** A pod that runs vegeta out of the lab's cache; of the mesh, unless `sidecar` is false. */
export async function startCaller(cluster: Cluster, name: string, image: string, sidecar = true): Promise<PodRef> {
    const metadata = { name, namespace: APPS };
    await cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
    await cluster.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...metadata, labels: { app: name, "sidecar.istio.io/inject": String(sidecar) } },
        spec: {
            serviceAccountName: name,
            terminationGracePeriodSeconds: 0,
            containers: [
                {
                    name: "vegeta",
                    image,
                    imagePullPolicy: "IfNotPresent",
                    command: ["sleep", "86400"],
                    volumeMounts: [{ name: "vegeta", mountPath: dirname(TOOL), readOnly: true }],
                },
            ],
            volumes: [{ name: "vegeta", hostPath: { path: dirname(builtBinary("vegeta")) } }],
        },
    });
    return cluster.readyPod(APPS, `app=${name}`, "vegeta", 120);
}

/** A load from several pods. It goes on by itself, even while nobody can reach the pods. */
export class Load {
    private constructor(
        private readonly cluster: Cluster,
        private readonly pods: PodRef[],
    ) {}

    /** Starts each pod's streams. */
    static async start(cluster: Cluster, streams: { pod: PodRef; streams: Stream[] }[]): Promise<Load> {
        const run = Date.now().toString(36);
        for (const one of streams) {
            const commands = one.streams.map((stream) => attack(stream, run)).join("\n");
            const script = `rm -rf ${FOLDER}; mkdir ${FOLDER}\n${commands}`;
            const { code, stderr } = await cluster.exec(one.pod, ["sh", "-c", script]);
            if (code !== 0) {
                throw new Error(`the load of ${one.pod.name} did not start: ${stderr}`);
            }
        }
        return new Load(
            cluster,
            streams.map(({ pod }) => pod),
        );
    }

    /** Ends the load, and returns every call. */
    async end(): Promise<Call[]> {
        let calls: Call[] = [];
        for (const pod of this.pods) {
            await this.run(pod, `kill -TERM $(cat ${FOLDER}/*.pid); true`);
        }
        for (const pod of this.pods) {
            await waitFor(`the load of ${pod.name} to end`, PATIENCE_SECONDS + 20, async () => {
                const count = await this.run(pod, `ls ${FOLDER} | grep -c ended; ls ${FOLDER} | grep -c pid`);
                const [ended, started] = count.trim().split("\n");
                return ended === started;
            });
            const print = printResults(TOOL, "$file");
            // A long load has more calls than a function takes arguments.
            calls = calls.concat(callsIn(await this.run(pod, `for file in ${FOLDER}/*.bin; do ${print}\ndone`)));
        }
        return calls;
    }

    private async run(pod: PodRef, script: string): Promise<string> {
        return (await this.cluster.exec(pod, ["sh", "-c", script])).stdout;
    }
}

/**
 * Starts a stream. Each call has a URL of its own, by which the partner tells whether it comes twice; also among all runs,
 * because what was sent to an address that is silent comes when it is heard again.
 */
function attack({ name, host, method, rate, keepAlive, header }: Stream, run: string): string {
    const file = `${FOLDER}/${name.replaceAll("/", "-")}`;
    const targets = `seq 1 ${MOST_SECONDS * rate} | sed 's|.*|${method} http://${host}/${name}?${run}-&\\n|'`;
    const options = [
        ...["-lazy", `-rate=${rate}/1s`, `-duration=${MOST_SECONDS}s`, `-timeout=${PATIENCE_SECONDS}s`],
        ...[`-name=${name}`, `-keepalive=${keepAlive}`, "-workers=4", "-redirects=-1"],
        // As many as wait at once where no call is answered: with fewer, the rate would sink. A name is looked up for each connection.
        ...[`-max-workers=${rate * PATIENCE_SECONDS}`, "-dns-ttl=-1"],
        ...(header ? [`-header="${header}"`] : []),
    ];
    // Its end is a file: a pod's first process may leave ended ones as they are, which then seem to be there.
    const started = `exec 3<&0; ${TOOL} attack ${options.join(" ")} -output=${file}.bin <&3 & echo $! > ${file}.pid; wait; touch ${file}.ended`;
    return `(${targets} | (${started})) </dev/null >/dev/null 2>${file}.err &`;
}
