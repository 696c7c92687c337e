import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the engine says of a stack whose file of attributes was cut off. */
export const CUT_ATTRIBUTES = /failed to load checkpoint: (?:unexpected )?EOF/;

/**
 * Files next to a stack's state that a killed engine left cut off. The library that writes states into a folder keeps their
 * content type and checksum in `<state>.attrs`, and does not write these files in one step, as it does the state
 * (`setAttrs` in `blob/fileblob/attrs.go` of gocloud.dev). An engine that is killed in between can no longer read the
 * state, which is whole. Without the file it can.
 */
export async function cutAttributes(backend: string, stack: string): Promise<string[]> {
    const folder = stateFolder(backend);
    if (folder === undefined) {
        return [];
    }
    const stacks = join(folder, ".pulumi", "stacks");
    const names = [".json.attrs", ".json.bak.attrs"].map((end) => `${stack.split("/").at(-1)}${end}`);
    const files = await readdir(stacks, { recursive: true }).catch(() => []);
    const own = files.filter((file) => names.includes(basename(file))).map((file) => join(stacks, file));
    const isCut = await Promise.all(own.map(async (file) => !isJson(await readFile(file, "utf8"))));
    return own.filter((_, index) => isCut[index]);
}

/** Folder of a backend such as `file:///var/state` or `file://~`; undefined for any other. */
function stateFolder(backend: string): string | undefined {
    if (!backend.startsWith("file://")) {
        return undefined;
    }
    const path = backend.slice("file://".length);
    return path.startsWith("~") ? join(homedir(), path.slice(1)) : fileURLToPath(backend);
}

function isJson(text: string): boolean {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}
