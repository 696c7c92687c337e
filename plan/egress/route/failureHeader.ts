/**
 * Response header that tells callers why the gateway could not connect to the partner. The body of Envoy's 503 does
 * not.
 */
export const FAILURE_HEADER = "x-egress-failure";

const REASON = "upstream.transport_failure_reason";

/** Prefix of Envoy's reasons if certificate verification failed. */
const UNVERIFIED = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";
/** Prefix of the reasons if the chain failed verification. Only OpenSSL's own text follows it. */
const CHAIN = `${UNVERIFIED}:verify cert failed: X509_verify_cert: `;
/** Text for callers if the certificate's names did not match. It does not repeat the names. */
const NAMES = `${UNVERIFIED}:SAN_matcher`;

/**
 * Value of the header, which Envoy computes for each call. Without a failure it is empty, and Envoy omits the header.
 * If a certificate has the wrong names, Envoy's own reason repeats them. Their author could put a line break in one,
 * which would end the header, or on HTTP/2 the connection with other callers' requests. Istio's validation of header
 * values accepts no function calls, so the expression uses comparisons only: texts with a prefix sort between the
 * prefix and its successor.
 */
export const FAILURE_REASON = `%CEL(${not(UNVERIFIED)} || ${begins(CHAIN)} ? ${REASON} : '${NAMES}')%`;

function begins(prefix: string): string {
    return `${REASON} >= '${prefix}' && ${REASON} < '${successor(prefix)}'`;
}

function not(prefix: string): string {
    return `${REASON} < '${prefix}' || ${REASON} >= '${successor(prefix)}'`;
}

/** The first text that sorts after all texts with the prefix. */
function successor(prefix: string): string {
    return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
