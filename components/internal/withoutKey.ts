/**
 * Arguments as the state may keep them: without the private key, which is in the object that it is for. Of one that is
 * not known yet, not even a secret may be there: `pulumi preview --json` ends in a panic on it (3.253).
 */
export function withoutKey<T extends { privateKey?: unknown }>(args: T): Omit<T, "privateKey"> {
    const kept: Partial<T> = { ...args };
    delete kept.privateKey;
    return kept as Omit<T, "privateKey">;
}
