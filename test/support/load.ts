import { Cluster, PodRef, waitFor } from "../../lab/proof/cluster";

const CALLERS = 4;
const CALLS_PER_SECOND = 100;
/** A load that nobody ends is over after this many rounds of four seconds. */
const MOST_ROUNDS = 100;

/** What came of a load: how many calls of which outcome. */
export interface LoadResult {
    answered: number;
    /** What was not answered with 200, by status, curl's exit code and the gateway's reason. */
    failures: Record<string, number>;
}

/** A hundred calls a second of `http://<host>` from a pod of the mesh, until it is ended. Callers use these methods in turn. */
export class Load {
    private constructor(
        private readonly cluster: Cluster,
        private readonly pod: PodRef,
        private readonly patience: number,
    ) {}

    /** A caller gives up on a call after `patience` seconds. */
    static async start(cluster: Cluster, pod: PodRef, host: string, patience = 5, methods = ["GET"]): Promise<Load> {
        const rate = CALLS_PER_SECOND / CALLERS;
        const method = `set -- ${methods.join(" ")}; shift $((i % $#))`;
        const curl = `curl -X $1 -s -o /dev/null --max-time ${patience} --rate ${rate}/s -w '%{http_code} %{exitcode} %header{x-egress-failure}\\n'`;
        const rounds = `n=0; while [ ! -e /tmp/load/end ] && [ $n -lt ${MOST_ROUNDS} ]; do n=$((n+1)); ${curl} "http://${host}/?[1-${rate * 4}]"; done`;
        const caller = `(${rounds}) > /tmp/load/answers.$i 2>&1; touch /tmp/load/ended.$i`;
        const script = `rm -rf /tmp/load; mkdir /tmp/load; for i in $(seq ${CALLERS}); do (${method}; ${caller}) </dev/null >/dev/null 2>&1 & done`;
        const { code, stderr } = await cluster.exec(pod, ["sh", "-c", script]);
        if (code !== 0) {
            throw new Error(`the load did not start: ${stderr}`);
        }
        return new Load(cluster, pod, patience);
    }

    async end(): Promise<LoadResult> {
        await this.run("touch /tmp/load/end");
        await waitFor("the load to end", 30 + this.patience, async () => {
            const ended = await this.run("ls /tmp/load | grep -c ended");
            return Number(ended) === CALLERS;
        });
        const lines = (await this.run("cat /tmp/load/answers.* | sort | uniq -c")).trim().split("\n");
        const counts = lines.map((line) => {
            const [, count, outcome] = /^\s*(\d+) (.*)$/.exec(line) ?? ["", "0", line];
            return { count: Number(count), outcome: outcome.trim() };
        });
        return {
            answered: counts.reduce((sum, { count }) => sum + count, 0),
            failures: Object.fromEntries(
                counts.filter(({ outcome }) => outcome !== "200 0").map(({ count, outcome }) => [outcome, count]),
            ),
        };
    }

    private async run(script: string): Promise<string> {
        return (await this.cluster.exec(this.pod, ["sh", "-c", script])).stdout;
    }
}
