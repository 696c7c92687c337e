/** Things by a key, each group in their order. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
    const groups = new Map<K, T[]>();
    for (const item of items) {
        const key = keyOf(item);
        const own = groups.get(key);
        if (own) {
            own.push(item);
        } else {
            groups.set(key, [item]);
        }
    }
    return groups;
}
