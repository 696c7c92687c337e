/**
 * Possible fields of a line of the audit log, as Envoy's command operators. No operator reads a header that can contain
 * a secret of a caller or partner: no authorization, no cookie, and no query of a path.
 *
 * Envoy 1.39 has no operator for the serial number of its own certificate, nor for its subject; the subject is a CEL
 * attribute.
 */
export const AUDIT_FIELDS = {
    time: "%START_TIME%",
    requestId: "%REQ(X-REQUEST-ID)%",
    caller: "%DOWNSTREAM_PEER_URI_SAN%",
    host: "%REQ(:AUTHORITY)%",
    serverName: "%REQUESTED_SERVER_NAME%",
    method: "%REQ(:METHOD)%",
    path: "%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%",
    status: "%RESPONSE_CODE%",
    flags: "%RESPONSE_FLAGS%",
    details: "%RESPONSE_CODE_DETAILS%",
    failure: "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
    closed: "%CONNECTION_TERMINATION_DETAILS%",
    route: "%ROUTE_NAME%",
    cluster: "%UPSTREAM_CLUSTER_RAW%",
    address: "%UPSTREAM_HOST%",
    bytesReceived: "%BYTES_RECEIVED%",
    bytesSent: "%BYTES_SENT%",
    durationMs: "%DURATION%",
    upstreamMs: "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%",
    tlsVersion: "%UPSTREAM_TLS_VERSION%",
    serverSubject: "%UPSTREAM_PEER_SUBJECT%",
    serverNames: "%UPSTREAM_PEER_DNS_SAN%",
    serverExpiry: "%UPSTREAM_PEER_CERT_V_END%",
    credentialSubject: "%CEL(upstream.subject_local_certificate)%",
    credentialNames: "%UPSTREAM_LOCAL_DNS_SAN%",
} as const;

export type AuditField = keyof typeof AUDIT_FIELDS;

/** The path with its query, for `query: true`: queries often contain tokens. */
export const PATH_WITH_QUERY = "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%";
