import { AllowedCaller } from "../../shared/caller";

/** How calls leave the mesh, and who speaks TLS to the partner. */
export const EgressMode = {
    /** Applications call `http://<host>`; the gateway originates mutual TLS. */
    MutualTls: "mutualTls",
    /** Applications call `http://<host>`; the gateway originates TLS without a client certificate. */
    SimpleTls: "simpleTls",
    /** Applications call `http://<host>`; the gateway forwards plain HTTP. Only for partners without TLS. */
    Http: "http",
    /** Applications call `https://<host>` with their own TLS, which the gateway forwards untouched. */
    Passthrough: "passthrough",
    /** Applications call `http://<host>`; their own sidecars originate mutual TLS, without the gateway. */
    SidecarMutualTls: "sidecarMutualTls",
    /** Applications call `http://<host>`; their own sidecars originate TLS, without the gateway. */
    SidecarSimpleTls: "sidecarSimpleTls",
    /** Sidecars forward the applications' traffic unchanged, without the gateway. */
    Direct: "direct",
} as const;
export type EgressMode = (typeof EgressMode)[keyof typeof EgressMode];

/** Proxies that know the hosts of a route. */
export const RouteVisibility = {
    /**
     * The gateway and the callers' sidecars, which then resolve the hosts themselves. Use it for names that DNS does
     * not resolve.
     */
    Callers: "callers",
    /** Only the gateway. Use it for hosts that DNS resolves. It keeps the sidecars' configuration smallest. */
    Gateway: "gateway",
} as const;
export type RouteVisibility = (typeof RouteVisibility)[keyof typeof RouteVisibility];

/** Transport from the sidecar to the gateway. */
export const GatewayTransport = {
    /** The mesh's mutual TLS, which tells the gateway the caller's identity. */
    MutualTls: "mutualTls",
    /**
     * Plaintext from unauthenticated callers. The gateway must have `plaintextPort`, and no client certificate can be
     * used.
     */
    Plaintext: "plaintext",
} as const;
export type GatewayTransport = (typeof GatewayTransport)[keyof typeof GatewayTransport];

/** How a proxy gets a route's credential. */
export const CredentialSource = {
    /** From the secret, without a restart. */
    Sds: "sds",
    /** From files mounted into the proxy. */
    Files: "files",
} as const;
export type CredentialSource = (typeof CredentialSource)[keyof typeof CredentialSource];

/** Protocol of a port. */
export const PortProtocol = {
    /** HTTP/1.1 or HTTP/2 without TLS. */
    Http: "http",
    /** TLS with a server name (SNI), such as HTTPS. */
    Tls: "tls",
    /** Any other TCP protocol. */
    Tcp: "tcp",
} as const;
export type PortProtocol = (typeof PortProtocol)[keyof typeof PortProtocol];

/** Port of a host that is called directly. */
export interface EgressPort {
    /** Number of the port. */
    number: number;
    /** Protocol on the port. */
    protocol: PortProtocol;
}

/** Options of a route that must be plain values, because they decide which objects are created. */
export interface EgressRouteOptions {
    /** How calls leave, and who speaks TLS to the partner. Default: `mutualTls`. */
    mode?: EgressMode;
    /**
     * The partner's hosts: lower-case DNS names without IP addresses, each in one route only. Or a single wildcard such
     * as `*.partner.example`, which matches every name below the domain. Wildcards work in modes `mutualTls`,
     * `simpleTls`, `http`, `sidecarSimpleTls` and `direct`, with the tested versions of Istio. A route for a host below
     * the wildcard takes precedence.
     *
     * @example ["api.partner.example", "files.partner.example"]
     */
    hosts: string[];
    /**
     * Callers that may call the hosts. All others are denied. An empty list is refused. `serviceAccounts` works only in
     * modes through the gateway, and is required in mode `sidecarMutualTls` with the credential over SDS.
     *
     * @example [{ namespace: "payments", serviceAccounts: ["billing"] }]
     */
    allowFrom: AllowedCaller[];
    /** Port of the partner's servers. Not in mode `direct`. Default: 443, and 80 in mode `http`. */
    port?: number;
    /**
     * Ports that applications call, in mode `direct`. Default: HTTP on 80 and TLS on 443.
     *
     * @example [{ number: 5432, protocol: "tcp" }]
     */
    ports?: EgressPort[];
    /**
     * Seconds after which a proxy that originates TLS replaces a connection. It limits how long a rotated certificate
     * stays in use. Default: 600.
     */
    maxConnectionSeconds?: number;
    /**
     * Seconds that a call through the gateway may take, until the end of its answer. After that the caller gets 504. Set 0 for no
     * limit, for streams and long downloads. In modes that send HTTP through the gateway. Default: 300.
     */
    timeoutSeconds?: number;
    /**
     * Number of times that a failed call is tried again, on each part of its way: to the gateway, and from there to the partner. A call is
     * tried again only if its request cannot have reached the partner. When a gateway's pod dies, this also covers the methods GET, HEAD and OPTIONS, which
     * change nothing. Set 0 for never. In modes that send HTTP through the gateway. Default: 2.
     */
    retries?: number;
    /** Proxies that know the hosts, in modes that send HTTP through the gateway. Default: `callers`. */
    visibility?: RouteVisibility;
    /** Transport from the sidecar to the gateway, in modes `simpleTls` and `http`. Default: `mutualTls`. */
    gatewayTransport?: GatewayTransport;
    /** How the proxy gets the credential. Default: `sds`. */
    credentialSource?: CredentialSource;
    /**
     * Labels of the workloads whose sidecars originate TLS. Required in mode `sidecarMutualTls`, and in mode
     * `sidecarSimpleTls` with `credentialSource: "files"`.
     *
     * @example { app: "billing" }
     */
    workloadLabels?: Record<string, string>;
    /**
     * Whether a wildcard may cover a domain below which anybody can register a name, such as `*.blob.core.windows.net`.
     * Callers could then send data to anybody. Default: false.
     */
    sharedDomain?: boolean;
    /**
     * Whether hosts and `address` may be names that stand for an IP address, such as `10-0-0-1.sslip.io` and
     * `ec2-203-0-113-25.compute.example`, or that look like another name, such as a name with Cyrillic letters among Latin ones. Default: false.
     */
    disguisedHosts?: boolean;
    /**
     * Name of an ExternalName service to create for the host in each caller's namespace, in mode `direct`. Default:
     * none.
     *
     * @example "partner"
     */
    serviceName?: string;
}

/** Mode of a route without `mode`. */
export const DEFAULT_MODE: EgressMode = EgressMode.MutualTls;
