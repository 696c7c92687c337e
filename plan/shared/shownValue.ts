/** The longest text that an error repeats: a host has up to 253 characters, and its beginning tells which one it is. */
const LONGEST = 80;

/** What a key, a token or a password looks like to somebody who does not know where it came from. */
const SECRET_LIKE = [
    /-----BEGIN/i,
    // base64 and hexadecimal text without a separator, as keys and tokens are; the digest of an image is public.
    /(?<!sha256:)(?<![A-Za-z0-9+=_-])[A-Za-z0-9+=_-]{40,}/,
    // The parts of a JSON Web Token, and the prefixes by which vendors mark their tokens.
    /\beyJ[A-Za-z0-9_-]+\./,
    /\b(gh[pousr]_|github_pat_|xox[abprs]-|sk-|AKIA|pul-)[A-Za-z0-9]/,
    /:\/\/[^/\s:@]*:[^/\s@]+@/,
    /\b(password|passwd|secret|token|pwd)\s*[=:]\s*\S/i,
];

const PEM = /-----BEGIN[^]*?(-----END[^-]*-----|$)/g;
const LONG_RUN = /(?<!sha256:)(?<![A-Za-z0-9+=_-])[A-Za-z0-9+=_-]{64,}/g;
/** Control characters and line separators: whatever is not on one line. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * A value as an error may repeat it: short text on one line is quoted, anything that could be a key, a token or a document is told by its
 * length alone.
 */
export function shown(value: string | number | boolean): string {
    if (typeof value !== "string") {
        return JSON.stringify(value);
    }
    if (value.search(CONTROL) >= 0 || SECRET_LIKE.some((pattern) => pattern.test(value))) {
        return `[text of ${value.length} characters]`;
    }
    return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
}

/** A message on one line, without PEM blocks and long keys that a problem or a fix may have repeated. */
export function withoutKeys(message: string): string {
    return message
        .replace(PEM, "[PEM]")
        .replace(LONG_RUN, (run) => `[text of ${run.length} characters]`)
        .replace(CONTROL, " ");
}
