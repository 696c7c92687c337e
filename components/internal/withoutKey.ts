/**
 * Arguments in the form that the state may keep: without the private key, which is only in its own object. A key that
 * is not known yet must be left out even as a secret: `pulumi preview --json` panics on it (3.253).
 */
export function withoutKey<T extends { privateKey?: unknown }>(args: T): Omit<T, "privateKey"> {
    const kept: Partial<T> = { ...args };
    delete kept.privateKey;
    return kept as Omit<T, "privateKey">;
}
