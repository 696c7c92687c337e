/**
 * Everything that a line of the audit log may say, as Envoy's command operators. No operator reads a header in which a caller or a
 * partner can put a secret: no authorization, no cookie, and of a path no query.
 *
 * Envoy 1.39 has no operator for the serial number of the certificate that it shows, nor for its subject; the subject is an attribute of CEL.
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

/** The path with its query, for those who ask for it: queries often hold tokens. */
export const PATH_WITH_QUERY = "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%";
