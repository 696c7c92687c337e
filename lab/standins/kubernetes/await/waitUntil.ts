import { setTimeout as pause } from "node:timers/promises";
import { type ApiClient, ApiError, type KubernetesObject, Unreachable } from "../apiClient";
import { badConditions } from "./condition";
import { podReasons, warnings } from "./podReasons";
import { progressOf } from "./progress";

export interface Patience {
    seconds: number;
    cancelled: AbortSignal;
    /** Told what is still missing, each time that changes. */
    onProgress?(why: string): void;
}

/** What it came to: the last live object, and why it is not ready if it is not. */
export interface Outcome {
    live: KubernetesObject;
    reasons: string[];
}

/** Looks at an object until it is ready, has failed, or the time is up. */
export async function waitUntilReady(api: ApiClient, path: string, patience: Patience): Promise<Outcome> {
    const deadline = Date.now() + patience.seconds * 1000;
    let live = await api.get(path);
    let said = "";
    // A pod may be gone by the time its owner has failed: keep what pods say on the way.
    let heard: string[] = [];
    for (let round = 0; ; round++) {
        const progress = await progressOf(live, api);
        if (progress.state === "ready") {
            return { live, reasons: [] };
        }
        const timedOut = Date.now() >= deadline || patience.cancelled.aborted;
        // Those of a job go the moment it fails, and with them their last words.
        if (progress.state === "failed" || timedOut || round % 4 === 3 || live.kind === "Job") {
            const words = await tolerant(podReasons(api, live), []);
            heard = words.length > 0 ? words : heard;
        }
        if (progress.state === "failed" || timedOut) {
            const events = await tolerant(warnings(api, live), []);
            const why = timedOut ? `${progress.why} after ${patience.seconds} s` : progress.why;
            return { live, reasons: [...new Set([...heard, why, ...badConditions(live), ...events])] };
        }
        if (progress.why !== said) {
            patience.onProgress?.(progress.why);
            said = progress.why;
        }
        await pause(Math.min(250 + round * 50, 1000), undefined, { signal: patience.cancelled }).catch(() => undefined);
        live = await tolerant(api.get(path), live);
    }
}

/** Looks until an object is gone, or another one has taken its name. Says whether it is. */
export async function waitUntilGone(api: ApiClient, path: string, uid: string, patience: Patience): Promise<boolean> {
    const deadline = Date.now() + patience.seconds * 1000;
    for (let round = 0; ; round++) {
        const live = await api.find(path);
        if (!live || live.metadata.uid !== uid) {
            return true;
        }
        if (Date.now() >= deadline || patience.cancelled.aborted) {
            return false;
        }
        await pause(Math.min(100 + round * 50, 1000), undefined, { signal: patience.cancelled }).catch(() => undefined);
    }
}

/** While waiting, an API server that restarts is no failure, nor is a list this user may not read. */
async function tolerant<T>(ask: Promise<T>, otherwise: T): Promise<T> {
    try {
        return await ask;
    } catch (error) {
        if (error instanceof Unreachable || (error instanceof ApiError && (error.code >= 500 || error.code === 403))) {
            return otherwise;
        }
        if (error instanceof ApiError && error.code === 404) {
            throw new Error("it was deleted while it was waited for", { cause: error });
        }
        throw error;
    }
}
