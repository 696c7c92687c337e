import { addTo } from "./groupBy";

/** Stands for every namespace that the set says nothing particular of. */
export const ELSEWHERE = "*";

/** Something that is seen in some namespaces only. */
export interface Exported {
    ref: { namespace: string };
    exportTo: string[];
}

/** Whether an object of namespace `own` with this `exportTo` is seen in `namespace`. */
export function isVisible(exportTo: string[], own: string, namespace: string): boolean {
    return isOpen(exportTo) || (exportTo.includes(".") && namespace === own) || exportTo.includes(namespace);
}

/** Whether it is seen in every namespace. */
export function isOpen(exportTo: string[]): boolean {
    return exportTo.length === 0 || exportTo.includes("*");
}

/** Whether it is seen in its own namespace only. */
export function isPrivate(exportTo: string[], own: string): boolean {
    return exportTo.length === 1 && (exportTo[0] === "." || exportTo[0] === own);
}

/** The namespaces that an object is exported to by name, or `ELSEWHERE` for all of them. */
export function audience({ ref, exportTo }: Exported): string[] {
    if (isOpen(exportTo)) {
        return [ELSEWHERE];
    }
    return [...new Set(exportTo.filter((name) => name !== "~").map((name) => (name === "." ? ref.namespace : name)))];
}

/** Adds the namespaces that an object names: its own, and those that it is exported to. */
export function addNamespaces({ ref, exportTo }: Exported, namespaces: Set<string>): void {
    namespaces.add(ref.namespace);
    for (const name of exportTo) {
        if (name !== "." && name !== "*" && name !== "~") {
            namespaces.add(name);
        }
    }
}

/** Keeps things in their order, and finds those that share a namespace with another one. */
export class Audiences<T extends Exported> {
    private readonly all: T[] = [];
    private readonly open: T[] = [];
    private readonly byNamespace = new Map<string, T[]>();

    add(item: T): void {
        const namespaces = audience(item);
        if (namespaces.length > 0) {
            this.all.push(item);
        }
        for (const namespace of namespaces) {
            if (namespace === ELSEWHERE) {
                this.open.push(item);
            } else {
                addTo(this.byNamespace, namespace, item);
            }
        }
    }

    /** Those added so far that some namespace sees together with this one. */
    meeting(item: Exported): T[] {
        const namespaces = audience(item);
        if (namespaces.includes(ELSEWHERE)) {
            return this.all;
        }
        const own = namespaces.flatMap((namespace) => this.byNamespace.get(namespace) ?? []);
        return namespaces.length === 0 ? [] : own.length === 0 ? this.open : [...new Set([...this.open, ...own])];
    }
}
