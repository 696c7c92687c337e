import { isDeepStrictEqual } from "node:util";
import { objectRef } from "../../review/rawObject";
import { groupOf } from "../../review/objects/kinds";
import { remembered } from "../../review/remembered";
import { firstOf } from "../firstOf";
import { Skipped, SourcedObject } from "../input/objects";

/*
 * A cluster has one object of a kind and name. Where files have several, they are for different clusters, as overlays/dev and
 * overlays/prod are, and each is judged by itself.
 */

/** The objects that are judged together. */
export interface Environments {
    /** At least one. An object that is in no folder or file of its own is in all of them. */
    environments: SourcedObject[][];
    /** What was done, where there is more than one, and what a later object of the same file replaces. */
    notes: Skipped[];
}

/** Parts objects by the folders, or else by the files, that define the same ones differently. */
export function environmentsOf(all: SourcedObject[]): Environments {
    const doubles = definedTwice(all);
    if (doubles.length === 0) {
        return { environments: [all], notes: [] };
    }
    const { objects, notes } = withoutReplaced(all, doubles);
    const rivals = rivalPaths(doubles);
    if (rivals.size === 0) {
        return { environments: [oneOfEach(objects)], notes };
    }
    const files = [...new Set(objects.flatMap(({ source }) => source?.file ?? []))];
    const chosen = new Map(
        leavesOf(rivals).map((leaf) => {
            const own = files.filter((file) => isIn(file, leaf, rivals));
            return [own.join("\n"), new Set(own)];
        }),
    );
    const environments = [...chosen.values()].map((own) =>
        oneOfEach(objects.filter(({ source }) => source === undefined || own.has(source.file))),
    );
    const told = [...rivals].map(([parent, paths]): Skipped => {
        const names = [...paths].map((path) => path.slice(parent === "" ? 0 : parent.length + 1));
        return {
            source: parent === "" ? names[0] : parent,
            reason: `${firstOf(names, MOST_NAMED)} define the same objects differently, so each was reviewed by itself, together with what is in none of them`,
        };
    });
    return { environments, notes: [...notes, ...told] };
}

const MOST_NAMED = 4;

/** What a cluster knows an object by: not by the version of its API. */
function keyOf({ object }: SourcedObject): string {
    const { kind, namespace, name } = objectRef(object);
    return name === "" ? "" : `${groupOf(object)} ${kind} ${namespace}/${name}`;
}

/** Objects of files that share a kind and name, together. */
function definedTwice(objects: SourcedObject[]): SourcedObject[][] {
    const first = new Map<string, SourcedObject>();
    const found = new Map<string, SourcedObject[]>();
    for (const one of objects) {
        const key = one.source ? keyOf(one) : "";
        if (key === "") {
            continue;
        }
        const before = first.get(key);
        if (before === undefined) {
            first.set(key, one);
        } else {
            remembered(found, key, () => [before]).push(one);
        }
    }
    return [...found.values()];
}

/** Of two in one file the later one counts, as for kubectl apply. */
function withoutReplaced(objects: SourcedObject[], doubles: SourcedObject[][]) {
    const replaced = new Set<SourcedObject>();
    const notes: Skipped[] = [];
    for (const group of doubles) {
        const later = new Map<string, SourcedObject>();
        for (const one of [...group].reverse()) {
            const file = one.source?.file ?? "";
            const other = later.get(file);
            if (other === undefined) {
                later.set(file, one);
                continue;
            }
            replaced.add(one);
            if (!isSame(one, other)) {
                notes.push({
                    object: objectRef(one.object),
                    line: one.source?.document.line,
                    reason: `${file}:${one.source?.document.line} is replaced by the same object at line ${other.source?.document.line}, as kubectl apply would do`,
                });
            }
        }
    }
    return { objects: objects.filter((one) => !replaced.has(one)), notes };
}

function isSame(one: SourcedObject, other: SourcedObject): boolean {
    return isDeepStrictEqual(one.object, other.object);
}

/** The paths below which files define the same objects differently, by what they are in. */
function rivalPaths(doubles: SourcedObject[][]): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    for (const group of doubles) {
        const byFile = new Map(group.map((one) => [one.source?.file ?? "", one]));
        const sorted = [...byFile].sort(([one], [other]) => (one < other ? -1 : 1));
        sorted.slice(1).forEach(([file, one], index) => {
            const [before, other] = sorted[index];
            if (!isSame(one, other)) {
                const [parent, ...paths] = fork(before, file);
                const rivals = found.get(parent) ?? new Set<string>();
                paths.forEach((path) => rivals.add(path));
                found.set(parent, rivals);
            }
        });
    }
    return found;
}

/** Where two paths part: what they share, and each up to there. */
function fork(one: string, other: string): [parent: string, first: string, second: string] {
    const [first, second] = [one.split("/"), other.split("/")];
    const at = first.findIndex((part, index) => part !== second[index]);
    const upTo = (parts: string[], end: number) => parts.slice(0, end).join("/");
    return [upTo(first, at), upTo(first, at + 1), upTo(second, at + 1)];
}

/** Rivals that have no rivals below them. */
function leavesOf(rivals: Map<string, Set<string>>): string[] {
    const parents = [...rivals.keys()];
    return [...rivals.values()].flatMap((paths) =>
        [...paths].filter((path) => !parents.some((parent) => parent === path || parent.startsWith(`${path}/`))),
    );
}

/** Whether a file belongs to the environment of a leaf; of rivals elsewhere the first does. */
function isIn(file: string, leaf: string, rivals: Map<string, Set<string>>): boolean {
    return [...rivals.values()].every((paths) => {
        const all = [...paths];
        const own = all.find((path) => isBelow(file, path));
        const meant = all.find((path) => isBelow(leaf, path)) ?? all[0];
        return own === undefined || own === meant;
    });
}

function isBelow(path: string, folder: string): boolean {
    return path === folder || path.startsWith(`${folder}/`);
}

/** What is left of the same objects in several files says the same, or is a choice that nothing shows. */
function oneOfEach(objects: SourcedObject[]): SourcedObject[] {
    const seen = new Set<string>();
    return objects.filter((one) => {
        const key = one.source ? keyOf(one) : "";
        const isNew = key === "" || !seen.has(key);
        seen.add(key);
        return isNew;
    });
}
