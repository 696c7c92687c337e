import { AllowedCaller } from "../../shared/caller";

/** How calls leave the mesh, and who speaks TLS to the partner. */
export const EgressMode = {
    /** Applications call `http://<host>`; the gateway originates mutual TLS. */
    MutualTls: "mutualTls",
    /** Applications call `http://<host>`; the gateway originates TLS and shows no certificate. */
    SimpleTls: "simpleTls",
    /** Applications call `http://<host>`; the gateway sends plain HTTP on. For partners that have nothing else. */
    Http: "http",
    /** Applications call `https://<host>` with their own TLS, which the gateway forwards untouched. */
    Passthrough: "passthrough",
    /** Applications call `http://<host>`; their own sidecars originate mutual TLS, past the gateway. */
    SidecarMutualTls: "sidecarMutualTls",
    /** Applications call `http://<host>`; their own sidecars originate TLS, past the gateway. */
    SidecarSimpleTls: "sidecarSimpleTls",
    /** Sidecars send on what applications send, past the gateway. */
    Direct: "direct",
} as const;
export type EgressMode = (typeof EgressMode)[keyof typeof EgressMode];

/** Which proxies hold the hosts of a route. */
export const RouteVisibility = {
    /** The callers' sidecars too, which then resolve the hosts themselves: right for names that DNS does not know. */
    Callers: "callers",
    /** Only the gateway: right for hosts that DNS resolves, and the smallest configuration in the sidecars. */
    Gateway: "gateway",
} as const;
export type RouteVisibility = (typeof RouteVisibility)[keyof typeof RouteVisibility];

/** How calls get from the sidecar to the gateway. */
export const GatewayTransport = {
    /** Over the mesh's mutual TLS, by which the gateway knows who calls. */
    MutualTls: "mutualTls",
    /** In plaintext, from nobody knows whom. The gateway must allow it, and no client certificate can be used. */
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

/** What is spoken on a port. */
export const PortProtocol = {
    /** HTTP/1.1 or HTTP/2 without TLS. */
    Http: "http",
    /** TLS with a server name, HTTPS among others. */
    Tls: "tls",
    /** Anything else. */
    Tcp: "tcp",
} as const;
export type PortProtocol = (typeof PortProtocol)[keyof typeof PortProtocol];

/** A port of a host that is called directly. */
export interface EgressPort {
    /** Number of the port. */
    number: number;
    /** What is spoken on it. */
    protocol: PortProtocol;
}

/** Options of a route that are plain values, because they decide which objects there are. */
export interface EgressRouteOptions {
    /** How calls leave, and who speaks TLS to the partner. Default: `mutualTls`. */
    mode?: EgressMode;
    /**
     * The partner's hosts: lower-case DNS names, no IP addresses, each in one route only. Or one wildcard such as
     * `*.partner.example`, for every name below the domain: in modes `mutualTls`, `simpleTls`, `http`, `sidecarSimpleTls` and
     * `direct`, with the versions of Istio that were tested. A host below it that has a route of its own keeps that one.
     *
     * @example ["api.partner.example", "files.partner.example"]
     */
    hosts: string[];
    /**
     * Who may call them. Nobody else can: an empty list is refused. Service accounts only through the gateway.
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
     * Seconds after which a proxy that originates TLS replaces a connection, and so the longest that a certificate stays
     * in use once it has been rotated. Default: 600.
     */
    maxConnectionSeconds?: number;
    /** Which proxies hold the hosts, in modes that send HTTP through the gateway. Default: `callers`. */
    visibility?: RouteVisibility;
    /** How calls get to the gateway, in modes `simpleTls` and `http`. Default: `mutualTls`. */
    gatewayTransport?: GatewayTransport;
    /** How the proxy gets the credential. Default: `sds`. */
    credentialSource?: CredentialSource;
    /**
     * Labels of the workloads whose sidecars originate TLS. Required in mode `sidecarMutualTls`, and with files there.
     *
     * @example { app: "billing" }
     */
    workloadLabels?: Record<string, string>;
    /**
     * Whether a wildcard may cover a domain below which anybody can get a name, such as `*.blob.core.windows.net`: the
     * callers could send data to strangers. Default: false.
     */
    sharedDomain?: boolean;
    /** Name of an ExternalName service that stands for the host in each caller's namespace, in mode `direct`. Default: none. */
    serviceName?: string;
}

/** The mode of a route that names none. */
export const DEFAULT_MODE: EgressMode = EgressMode.MutualTls;
