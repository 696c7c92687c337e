/*
 * Minutes that Azure has for one change, after which an update fails. One change of a cluster comes after the other, so the job that
 * runs an update has time for all of them (.github/workflows/stack.yml, which a test compares with this).
 */
export const CLUSTER_MINUTES = { create: 60, update: 90, delete: 60 };
export const POOL_MINUTES = { create: 60, update: 90, delete: 60 };

/** The same for the engine. */
export function customTimeouts(minutes: Record<"create" | "update" | "delete", number>) {
    const text = (count: number) => `${count}m`;
    return { create: text(minutes.create), update: text(minutes.update), delete: text(minutes.delete) };
}
