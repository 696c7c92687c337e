import { distance } from "fastest-levenshtein";

/** The candidate that was probably meant: it differs only in case, hyphens or plural, or by a few letters. */
export function suggestion(given: string, candidates: readonly string[]): string | undefined {
    const bare = normalized(given);
    const same = candidates.find((candidate) => normalized(candidate) === bare);
    if (same !== undefined) {
        return same;
    }
    const [nearest] = candidates
        .map((candidate) => ({ candidate, edits: distance(bare, normalized(candidate)) }))
        .sort((a, b) => a.edits - b.edits);
    return nearest && nearest.edits <= tolerated(bare) ? nearest.candidate : undefined;
}

/**
 * Number of edits within which two words count as the same: none for the shortest words, about one per four letters.
 */
function tolerated(word: string): number {
    return word.length < 3 ? 0 : Math.max(1, Math.floor(word.length / 4));
}

function normalized(word: string): string {
    const bare = word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
    return bare.replace(/ies$/, "y").replace(/s$/, "");
}
