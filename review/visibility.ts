/** Stands for every namespace that no object of the set names. */
export const ELSEWHERE = "*";

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
