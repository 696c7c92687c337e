interface Memory<K, V> {
    get: (key: K) => V | undefined;
    set: (key: K, value: V) => unknown;
}

/** What is known of a key, worked out the first time that it is asked for. */
export function remembered<K, V>(known: Memory<K, V>, key: K, workOut: () => V): V {
    const found = known.get(key);
    if (found !== undefined) {
        return found;
    }
    const value = workOut();
    known.set(key, value);
    return value;
}
