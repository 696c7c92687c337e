/** Numbers from 0 to 1 that follow from the seed: the same seed makes the same ones. Mulberry32, which has 2^32 states. */
export function randomFrom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** The seed that `CHAOS_SEED` gives, else any. */
export function chosenSeed({ CHAOS_SEED }: NodeJS.ProcessEnv = process.env): number {
    if (CHAOS_SEED !== undefined && !/^\d{1,9}$/.test(CHAOS_SEED)) {
        throw new Error(`CHAOS_SEED is ${JSON.stringify(CHAOS_SEED)}; it must be a whole number of at most 9 digits.`);
    }
    return CHAOS_SEED === undefined ? Math.floor(Math.random() * 1e9) : Number(CHAOS_SEED);
}
