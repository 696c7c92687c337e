import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandError } from "../commandError";
import { Terminal } from "../terminal";
import { patchFiles } from "./kustomize";
import { Skipped, SourcedObject, objectsIn } from "./objects";
import { placeholderIn } from "./placeholders";
import { readDocuments } from "./yamlDocuments";

export interface ReadObjects {
    objects: SourcedObject[];
    skipped: Skipped[];
}

/** A file that cannot be read, with the line where that shows. */
export interface FileProblem {
    file: string;
    line?: number;
    column?: number;
    reason: string;
}

/** All problems of the files, so that the user can fix them in one go. */
export class UnreadableInput extends CommandError {
    constructor(readonly problems: FileProblem[]) {
        super(problems.map(describeProblem).join("\n"));
    }
}

/** Stands for standard input among the paths. */
export const STDIN = "<stdin>";
const EXTENSIONS = /\.(ya?ml|json)$/i;

/** The Kubernetes objects of files and folders, and of standard input. */
export async function readFiles(paths: string[], terminal: Terminal): Promise<ReadObjects> {
    const found: ReadObjects = { objects: [], skipped: [] };
    const problems: FileProblem[] = [];
    // A file that is named twice, or by itself and by its folder, has its objects once.
    const seen = new Set<string>();
    const patches = new Map<string, string>();
    for (const path of paths) {
        try {
            for (const file of path === STDIN ? [STDIN] : filesAt(path)) {
                const key = file === STDIN ? STDIN : resolve(file);
                if (seen.has(key)) {
                    continue;
                }
                seen.add(key);
                const text = file === STDIN ? await terminal.readInput() : readFileSync(file, "utf8");
                problems.push(...readInto(found, patches, file, text));
            }
        } catch (error) {
            problems.push({ file: path, reason: reasonOf(error as NodeJS.ErrnoException) });
        }
    }
    if (problems.length > 0) {
        throw new UnreadableInput(problems);
    }
    return patches.size > 0 ? withoutPatches(found, patches) : found;
}

/** Without parts of objects, which only kustomize can put together. */
function withoutPatches({ objects, skipped }: ReadObjects, patches: Map<string, string>): ReadObjects {
    const kept: ReadObjects = { objects: [], skipped: [...skipped] };
    for (const one of objects) {
        const file = one.source?.file;
        const folder = file === undefined ? undefined : patches.get(resolve(file));
        if (folder === undefined) {
            kept.objects.push(one);
        } else {
            const reason = `is a patch of ${folder}: review what that builds, with kubectl kustomize ${folder} | mesh-egress review -`;
            kept.skipped.push({ source: file, line: one.source?.document.line, reason });
        }
    }
    return kept;
}

function readInto(found: ReadObjects, patches: Map<string, string>, file: string, text: string): FileProblem[] {
    if (text.trim() === "") {
        if (file === STDIN) {
            return [{ file, reason: "is empty. Check the command before the pipe: it printed nothing" }];
        }
        found.skipped.push({ source: file, line: 1, reason: "the file is empty" });
        return [];
    }
    const { documents, problems } = readDocuments(text);
    for (const document of documents) {
        patchFiles(file, document.value).forEach((folder, patch) => patches.set(patch, folder));
        const { objects, skipped } = objectsIn(file, document);
        for (const one of objects) {
            const placeholder = placeholderIn(one.object);
            if (placeholder === undefined) {
                found.objects.push(one);
            } else if (placeholder.isTemplate) {
                problems.push({ line: document.line, column: 1, reason: `${placeholder.path} is a template` });
            } else {
                const reason = `${placeholder.path} is ${JSON.stringify(placeholder.value)}: review the file with its variables filled in`;
                found.skipped.push({ source: file, line: document.line, reason });
            }
        }
        found.skipped.push(...skipped);
    }
    const isTemplate = problems.length > 0 && text.includes("{{");
    return problems.map(({ reason, ...place }) => ({
        file,
        ...place,
        reason: isTemplate
            ? `${reason}. It looks like a template: render it first, for example helm template . | mesh-egress review -`
            : reason,
    }));
}

/** A file itself, or the YAML and JSON files below a folder in the order of their names. */
function filesAt(path: string): string[] {
    if (!statSync(path).isDirectory()) {
        return [path];
    }
    const files = filesBelow(path);
    if (files.length === 0) {
        throw new CommandError("the folder contains no .yaml, .yml or .json file");
    }
    return files;
}

function filesBelow(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
        .sort((one, other) => (one.name < other.name ? -1 : 1))
        .flatMap((entry) => {
            const path = join(folder, entry.name);
            return entry.isDirectory() ? filesBelow(path) : EXTENSIONS.test(entry.name) ? [path] : [];
        });
}

function reasonOf(error: NodeJS.ErrnoException): string {
    switch (error.code) {
        case "ENOENT":
            return "the file or folder does not exist";
        case "EACCES":
        case "EPERM":
            return "you do not have permission to read it";
        default:
            return error.message;
    }
}

export function describeProblem({ file, line, column, reason }: FileProblem): string {
    const place = line === undefined ? file : `${file}:${line}${column === undefined ? "" : `:${column}`}`;
    return `${place}: ${reason}`;
}
