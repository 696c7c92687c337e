import { createHash } from "node:crypto";

/** `<name>-<8 hex digits>`: from the engine's seed when it gives one, so that preview and update agree. */
export function autoName(name: string, urn: string, seed: Uint8Array): string {
    const source = seed.length > 0 ? Buffer.from(seed) : Buffer.from(`${urn}${Date.now()}${Math.random()}`);
    const suffix = createHash("sha256").update(source).digest("hex").slice(0, 8);
    return `${name.toLowerCase()}-${suffix}`;
}
