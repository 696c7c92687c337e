import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../build/cache";
import type { PluginChoice } from "../engine";

/** Its time is when the official plugins could last not be downloaded. Until it is over, neither they nor the engine are tried again. */
const note = () => join(cacheRoot(), "download-refused");
const DAY = 24 * 60 * 60 * 1000;

/** Whether a download failed within a day: another try would only wait for the same answer. */
export function wasRefusedLately(): boolean {
    const { mtimeMs } = statSync(note(), { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    return Date.now() - mtimeMs < DAY;
}

export function noteFailedDownload(): void {
    mkdirSync(dirname(note()), { recursive: true });
    writeFileSync(note(), "");
}

/** One line that names the official plugins whose download failed, and says what to do. Undefined if no stand-in is in use. */
export function failedDownloadLine(plugins: Pick<PluginChoice, "name" | "version" | "source">[]): string | undefined {
    const standIns = plugins.filter(({ source }) => source === "stand-in");
    if (standIns.length === 0) {
        return undefined;
    }
    const names = standIns.map(({ name, version }) => `${name} ${version}`).join(" and ");
    return (
        `Download failed: the official ${names}. It is tried again after a day, or when you delete ${note()}. ` +
        "The stand-in for kubernetes needs helm on PATH (on the lab it has one)."
    );
}
