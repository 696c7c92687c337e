import { messageOf } from "../../lab/errors";
import { apiServer } from "../../lab/cluster/apiServer";
import { etcd } from "../../lab/cluster/etcd";
import { ensureRunning, stop } from "../../lab/cluster/processes";
import { waitFor } from "../../lab/proof/cluster";
import { ISTIOD, rolledOut, scaledTo } from "../stage/faults";
import { pause } from "../stage/pause";
import { Stage } from "../stage/stage";
import { Report } from "../report";
import { beginning } from "../beginning";
import { Scenario } from "../scenario";

/*
 * What calls do not need: istiod, the API server and etcd. A host that is added while one of them is away, and when it works.
 */

const NEW_HOST = "new.more.example";
/** Within which an added host answers after istiod is back. */
const CONVERGED_SECONDS = 30;
/** The same after the API server is: istiod connects to it again first. Not promised; a run ends here. */
const PATIENCE_SECONDS = 90;

/** Takes a part of the control plane away under load, meanwhile asks for a host more, and again once the part is back. */
async function without(
    stage: Stage,
    seconds: number,
    part: { away: () => Promise<unknown>; back: () => Promise<unknown> },
    { within, says }: { within: number; says: RegExp },
): Promise<Report> {
    let [refusal, converged, away] = ["", 0, 0];
    const report = await stage.underLoad(async () => {
        const start = Date.now();
        try {
            await part.away();
            refusal = await stage.change({ moreHosts: [NEW_HOST] }).then(
                () => "succeeded",
                (error: unknown) => lastLine(messageOf(error)),
            );
            await pause(Math.max(0, seconds - (Date.now() - start) / 1000));
        } finally {
            await part.back();
        }
        const back = Date.now();
        away = Math.round((back - start) / 1000);
        await stage.change({ moreHosts: [NEW_HOST] });
        await waitFor(`${NEW_HOST} to answer`, PATIENCE_SECONDS, async () => (await stage.status(NEW_HOST)) === 200);
        converged = Math.round((Date.now() - back) / 1000);
    });
    await stage.restore();
    return {
        ...report,
        findings: {
            "an `up` meanwhile": refusal,
            "seconds until it was back": away,
            "seconds from then until an added host answers": converged,
        },
        missed: [
            ...(converged > within ? [`an added host answered after ${converged} s; ${within} s are promised`] : []),
            ...(says.test(refusal) ? [] : [`an \`up\` meanwhile does not say what is away: ${refusal}`]),
        ],
    };
}

/** The engine repeats what the provider has said, which is what a reader of the page wants. */
function lastLine(text: string): string {
    const lines = text.split("\n").map((line) => line.trim());
    const said = lines.filter((line) => /error:|refused|failed/i.test(line) && !/update failed$/.test(line));
    return beginning(said.at(-1) ?? lines[0], 300);
}

const istiodAway = (name: string, seconds: number, onlyByName: boolean): Scenario => ({
    name,
    what: `istiod is away for ${seconds} s`,
    promised: {
        text: `0 failed calls; what cannot change meanwhile is said; all is converged within ${CONVERGED_SECONDS} s of its return`,
    },
    onlyByName,
    run: (stage) => {
        const scale = (replicas: number) => scaledTo(stage.cluster, ISTIOD, replicas);
        const promised = { within: CONVERGED_SECONDS, says: /failed calling webhook.*istiod/ };
        return without(stage, seconds, { away: () => scale(0), back: () => scale(1) }, promised);
    },
});

export const istiodDown = istiodAway("istiod-down", 60, false);
export const istiodDownLong = istiodAway("istiod-down-5-minutes", 300, true);

const API_SERVER_AWAY = { within: PATIENCE_SECONDS, says: /the API server at .* can't be reached/ };

const apiServerAway = (name: string, seconds: number, onlyByName: boolean): Scenario => ({
    name,
    what: `the API server is away for ${seconds} s`,
    promised: { text: "0 failed calls; an `up` meanwhile fails with a clear message, and the next one converges" },
    onlyByName,
    run: (stage) =>
        without(
            stage,
            seconds,
            {
                away: () => stop("kube-apiserver"),
                back: async () => {
                    await ensureRunning(apiServer());
                    await rolledOut(stage.cluster, ISTIOD);
                },
            },
            API_SERVER_AWAY,
        ),
});

export const apiServerDown = apiServerAway("api-server-down", 45, false);
export const apiServerDownLong = apiServerAway("api-server-down-2-minutes", 120, true);

export const etcdRestarted: Scenario = {
    name: "etcd-restarted",
    what: "etcd is stopped until a `pulumi up` has failed, and started again",
    promised: { text: "0 failed calls; an `up` meanwhile fails with a clear message, and the next one converges" },
    run: (stage) =>
        without(
            stage,
            15,
            {
                away: () => stop("etcd"),
                back: async () => {
                    await ensureRunning(etcd());
                    await waitFor("the API server to answer", 60, async () => {
                        await rolledOut(stage.cluster, ISTIOD, 1);
                        return true;
                    });
                },
            },
            API_SERVER_AWAY,
        ),
};
