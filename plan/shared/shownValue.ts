/** Maximum length of a text in an error. A host has up to 253 characters, and its beginning identifies it. */
const LONGEST = 80;

/** Patterns of keys, tokens and passwords, whatever their source. */
const SECRET_LIKE = [
    /-----BEGIN/i,
    // base64 and hexadecimal text without separators, such as keys and tokens. An image digest is public.
    /(?<!sha256:)(?<![A-Za-z0-9+=_-])[A-Za-z0-9+=_-]{40,}/,
    // base64 with a slash, as a path has them too, but with padding, as no path has.
    /[A-Za-z0-9+/]{38,}={1,2}(?![A-Za-z0-9=])/,
    // JSON Web Tokens, and the prefixes of vendors' tokens.
    /\beyJ[A-Za-z0-9_-]+\./,
    /\b(gh[pousr]_|github_pat_|xox[abprs]-|sk-|AKIA|pul-)[A-Za-z0-9]/,
    /:\/\/[^/\s:@]*:[^/\s@]+@/,
    /\b(password|passwd|secret|token|pwd)\s*[=:]\s*\S/i,
];

const PEM = /-----BEGIN[^]*?(-----END[^-]*-----|$)/g;
const LONG_RUN = /(?<!sha256:)(?<![A-Za-z0-9+=_-])[A-Za-z0-9+=_-]{64,}/g;
/** Control characters and line separators. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * A value in the form that an error may show. Short text on one line is quoted. For anything that could be a key, a
 * token or a document, only the length is shown.
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

/** A message on one line, without PEM blocks and long keys that its parts may contain. */
export function withoutKeys(message: string): string {
    return message
        .replace(PEM, "[PEM]")
        .replace(LONG_RUN, (run) => `[text of ${run.length} characters]`)
        .replace(CONTROL, " ");
}
