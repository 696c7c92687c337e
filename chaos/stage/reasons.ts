import { join } from "node:path";
import { FAILURE_HEADER } from "../../plan/egress/route/failureHeader";
import { attempt } from "../../lab/command";
import { waitFor } from "../../lab/proof/cluster";
import { proxyPage } from "../../lab/proof/proxy";
import { APPS } from "./places";
import { beginning } from "../beginning";
import { Report } from "../report";
import { Stage } from "./stage";

const ROOT = join(__dirname, "../..");
const NOTHING = "nothing";

/** Where somebody who looks for the reason of a failing call finds it, for a table. */
const PLACES = {
    answer: "in the answer",
    log: "in the gateway's log",
    debugLog: "in its log with `logging?connection=debug`",
    metrics: "in its metrics",
    explain: "from `mesh-egress explain`",
};
type Place = keyof typeof PLACES;

/** The reason in each place, or "nothing". */
export type Reasons = Record<Place, string>;

/** The reasons for a table, and as missed each of these places that has none. */
export function judgedReasons(
    reasons: Reasons,
    places: readonly Place[],
): Required<Pick<Report, "findings" | "missed">> {
    const findings = Object.fromEntries(Object.entries(PLACES).map(([place, told]) => [told, reasons[place as Place]]));
    const missed = places.filter((place) => reasons[place] === NOTHING).map((place) => `nothing ${PLACES[place]}`);
    return { findings, missed };
}

/** Finds the reason of a call that fails, wherever somebody would look for it. */
export async function reasonsFor(stage: Stage, host: string): Promise<Reasons> {
    const { cluster } = stage;
    const [pod] = await stage.gatewayPods();
    const answer = await waitFor(`a failure of ${host}`, 30, async () => {
        const { stdout } = await call(stage, host);
        return /^(000|200)/.test(stdout) ? undefined : beginning(stdout, 120);
    });
    const log = reason(await cluster.logs(pod));
    await proxyPost(stage, "logging?connection=debug");
    let debugLog: string;
    try {
        debugLog = await waitFor("the gateway's connection log", 20, async () => {
            await call(stage, host);
            const found = reason(await cluster.logs(pod));
            return found === NOTHING ? undefined : found;
        }).catch(() => NOTHING);
    } finally {
        await proxyPost(stage, "logging?connection=warning");
    }
    return {
        answer,
        log,
        debugLog,
        metrics: await metrics(stage, host),
        explain: await explained(stage, host),
    };
}

function call(stage: Stage, host: string) {
    const command = ["curl", "-s", "-o", "/dev/null", "-m", "15", "-w", `%{http_code} %header{${FAILURE_HEADER}}`];
    return stage.cluster.exec(stage.callers[0], [...command, `http://${host}/`]);
}

function reason(log: string): string {
    return /[A-Z0-9_]*CERTIFICATE_EXPIRED|certificate has expired/.exec(log)?.[0] ?? NOTHING;
}

/** Calls may arrive at any replica. */
async function proxyPost(stage: Stage, path: string): Promise<void> {
    for (const pod of await stage.gatewayPods()) {
        await stage.cluster.exec(pod, ["pilot-agent", "request", "POST", path]);
    }
}

async function metrics(stage: Stage, host: string): Promise<string> {
    let errors = 0;
    const ends: number[] = [];
    for (const pod of await stage.gatewayPods()) {
        const page = await proxyPage(stage.cluster, pod, "stats");
        for (const line of page.split("\n").filter((one) => one.includes(host))) {
            errors += Number(/\.ssl\.connection_error: (\d+)/.exec(line)?.[1] ?? 0);
            const end = /kubernetes:\/\/.*\.expiration_unix_time_seconds: (\d+)/.exec(line)?.[1];
            ends.push(...(end === undefined ? [] : [Number(end)]));
        }
    }
    if (errors === 0 || ends.length === 0) {
        return NOTHING;
    }
    const hours = Math.round((Math.min(...ends) - Date.now() / 1000) / 3600);
    return `ssl.connection_error counts, expiration_unix_time_seconds is in ${hours} h`;
}

async function explained(stage: Stage, host: string): Promise<string> {
    const { kubeconfig, context } = stage.local;
    const command = ["--require", "tsx/cjs", join(ROOT, "lab/meshEgress.ts"), "explain", host];
    const cluster = ["--kubeconfig", kubeconfig, ...(context ? ["--context", context] : [])];
    const { stdout } = await attempt(process.execPath, [...command, "--from", `${APPS}/caller-a`, ...cluster], {
        cwd: ROOT,
    });
    const line = stdout.split("\n").find((one) => /expired|refuse/i.test(one));
    return line === undefined ? NOTHING : beginning(line, 160);
}
