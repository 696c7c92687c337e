/** Protocols whose bytes show a sidecar no host name. In upper case, like all protocols here. */
const OPAQUE = ["TCP", "MONGO", "MYSQL", "REDIS"];
const HTTP = ["HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB"];
/** Ports on which servers speak TLS by convention. */
const TLS_PORTS = [443, 8443];

export function isOpaque(protocol: string): boolean {
    return OPAQUE.includes(protocol);
}

/** Whether the application's own TLS arrives on such a port. */
export function isTls(protocol: string): boolean {
    return protocol === "TLS" || protocol === "HTTPS";
}

export function isHttp(protocol: string): boolean {
    return HTTP.includes(protocol);
}

export function isTlsPort(port: number): boolean {
    return TLS_PORTS.includes(port);
}
