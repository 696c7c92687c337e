/** Tells callers why the gateway got no connection to the partner: the body of Envoy's 503 does not. */
export const FAILURE_HEADER = "x-egress-failure";

const REASON = "upstream.transport_failure_reason";

/** What Envoy's reasons begin with where a certificate was not taken. */
const UNVERIFIED = "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";
/** What they begin with where the chain is at fault; after it there are only OpenSSL's own words. */
const CHAIN = `${UNVERIFIED}:verify cert failed: X509_verify_cert: `;
/** What callers are told where the names are at fault, without those names. */
const NAMES = `${UNVERIFIED}:SAN_matcher`;

/**
 * The header's value, as Envoy makes it for each call; without a failure it is empty and the header is left out. Of a certificate with other
 * names Envoy's own reason repeats these names, which whoever made the certificate chose: a line end in one would end the header, and on HTTP/2
 * the connection with the calls of others. Istio's check of header values ends a function at its first bracket, so that there can be
 * comparisons only: texts that begin with a prefix lie between the prefix and its successor.
 */
export const FAILURE_REASON = `%CEL(${not(UNVERIFIED)} || ${begins(CHAIN)} ? ${REASON} : '${NAMES}')%`;

function begins(prefix: string): string {
    return `${REASON} >= '${prefix}' && ${REASON} < '${successor(prefix)}'`;
}

function not(prefix: string): string {
    return `${REASON} < '${prefix}' || ${REASON} >= '${successor(prefix)}'`;
}

/** The first text after all that begin with the prefix. */
function successor(prefix: string): string {
    return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

/** Headers of the W3C's, Zipkin's and Jaeger's trace contexts, which tell a partner how calls inside hang together. */
const TRACE_HEADERS = [
    "traceparent",
    "tracestate",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-flags",
    "uber-trace-id",
];

/** What a partner is not told: who called, from where, and what the mesh writes about its own pods and its traces. */
export const INSIDE_HEADERS = [
    ...TRACE_HEADERS,
    "x-forwarded-for",
    "x-envoy-external-address",
    "x-envoy-internal",
    "x-envoy-peer-metadata",
    "x-envoy-peer-metadata-id",
    "x-envoy-decorator-operation",
];
