/** Stands for every namespace that the set says nothing particular of. */
export const ELSEWHERE = "*";

/** Something that is seen in some namespaces only. */
export interface Exported {
    ref: { namespace: string };
    exportTo: string[];
}

/** Whether an object of namespace `own` with this `exportTo` is seen in `namespace`. */
export function isVisible(exportTo: string[], own: string, namespace: string): boolean {
    return (
        exportTo.length === 0 ||
        exportTo.includes("*") ||
        (exportTo.includes(".") && namespace === own) ||
        exportTo.includes(namespace)
    );
}

/** Whether it is seen in its own namespace only. */
export function isPrivate(exportTo: string[], own: string): boolean {
    return exportTo.length === 1 && (exportTo[0] === "." || exportTo[0] === own);
}

/** The namespaces that an object is exported to by name, or `ELSEWHERE` for all of them. */
export function audience({ ref, exportTo }: Exported): string[] {
    if (exportTo.length === 0 || exportTo.includes("*")) {
        return [ELSEWHERE];
    }
    return [...new Set(exportTo.filter((name) => name !== "~").map((name) => (name === "." ? ref.namespace : name)))];
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
                const own = this.byNamespace.get(namespace) ?? [];
                own.push(item);
                this.byNamespace.set(namespace, own);
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
