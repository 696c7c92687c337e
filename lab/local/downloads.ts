import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../build/cache";

/** Its time is when the official engine or a plugin could last not be downloaded. */
const note = () => join(cacheRoot(), "download-refused");
const DAY = 24 * 60 * 60 * 1000;

/** Whether a download failed within a day: another try would only wait for the same answer. */
export function wasRefusedLately(): boolean {
    const { mtimeMs } = statSync(note(), { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    return Date.now() - mtimeMs < DAY;
}

export function noteViolation(): void {
    mkdirSync(dirname(note()), { recursive: true });
    writeFileSync(note(), "");
}
