import { Report } from "./report";
import { Stage } from "./stage/stage";

/** What stays true for callers through a fault. */
export interface Promised {
    /** As the documentation says it. */
    text: string;
    /** Most calls that may fail. Default: 0. */
    failed?: number;
    /** Most GETs among them. Default: as many as calls of any kind. */
    failedGets?: number;
    /** Longest time without an answered call, in seconds. Default: as long as the load lasts. */
    longestGap?: number;
    /** Most seconds between the beginnings of the first call that fails and of the last one. Default: as long as the load lasts. */
    failing?: number;
}

/** A fault, and what callers are promised meanwhile. */
export interface Scenario {
    /** As `npm run chaos -- <name>` takes it. */
    name: string;
    /** What happens, for a table. */
    what: string;
    promised: Promised;
    /** Whether a run that names no scenario leaves it out, because it takes long. */
    onlyByName?: boolean;
    /** Brings the fault about under load, and returns once it is over and everything is as before. Throws where it is not. */
    run(stage: Stage): Promise<Report>;
}

/** What keeps a report from being what was promised; empty where nothing does. */
export function broken(
    { failed = 0, failedGets = failed, longestGap, failing }: Promised,
    { ours, missed = [] }: Pick<Report, "ours" | "missed">,
): string[] {
    const { failedGets: lostGets = ours.failed } = ours;
    return [
        ...(ours.calls === 0 ? ["no call was made"] : []),
        ...(ours.failed > failed ? [`${ours.failed} calls failed; at most ${failed} may`] : []),
        ...(lostGets > failedGets
            ? [`${lostGets} GETs failed, which can be sent again; at most ${failedGets} may`]
            : []),
        ...(longestGap !== undefined && ours.longestGap > longestGap
            ? [`no call was answered for ${ours.longestGap} s; at most ${longestGap} s are promised`]
            : []),
        ...(failing !== undefined && ours.failing > failing
            ? [`calls failed for ${ours.failing} s; they may for ${failing} s`]
            : []),
        ...(ours.doubled > 0 ? [`${ours.doubled} calls that are not idempotent reached the partner twice`] : []),
        ...missed,
    ];
}
