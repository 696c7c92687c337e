import { basename, dirname, resolve } from "node:path";
import { fields, list, text } from "../../review/fields";

/** The files that kustomize looks for in a folder. */
const FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** The files that a kustomization applies as patches, each with the kustomization's folder: they are parts of objects. */
export function patchFiles(file: string, value: unknown): Map<string, string> {
    if (!FILES.includes(basename(file))) {
        return new Map();
    }
    const { patches, patchesStrategicMerge, patchesJson6902 } = fields(value);
    const paths = [
        ...[...list(patches), ...list(patchesJson6902)].map((one) => fields(one).path),
        ...list(patchesStrategicMerge),
    ];
    const folder = dirname(file);
    return new Map(
        paths.flatMap((path): [string, string][] =>
            // A patch that stands in the kustomization itself has several lines.
            text(path) === undefined || String(path).includes("\n") ? [] : [[resolve(folder, String(path)), folder]],
        ),
    );
}
