/** Things by a key, each group in their order. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
    const groups = new Map<K, T[]>();
    for (const item of items) {
        addTo(groups, keyOf(item), item);
    }
    return groups;
}

/** Adds a thing to the group of its key. */
export function addTo<T, K>(groups: Map<K, T[]>, key: K, item: T): void {
    const own = groups.get(key);
    if (own) {
        own.push(item);
    } else {
        groups.set(key, [item]);
    }
}
