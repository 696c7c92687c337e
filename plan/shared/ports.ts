/** The port of plain HTTP, where nothing else is said. */
export const HTTP_PORT = 80;
/** The port of HTTP over TLS, and of TLS altogether. */
export const HTTPS_PORT = 443;
/** What a network policy lets through to DNS servers. */
export const DNS_PORTS = [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
] as const;
