/*
 * Pages `config_dump` of a proxy, in the form of envoy.admin.v3.ConfigDump, with as little in them as a test needs.
 */

export interface DumpedRoute {
    host: string;
    port: number;
    /** A sidecar's routes are named after the port, a gateway's begin with `https.`. */
    atGateway?: boolean;
    cluster?: string;
    directStatus?: number;
    /** A regular expression for the caller's identity. */
    identity?: string;
}

export interface DumpedCluster {
    name: string;
    port?: number;
    tls?: { certificate?: string; ca?: string; sni?: string };
    rule?: string;
}

export function configDump({
    routes = [],
    clusters = [],
    secrets = [],
    warming = [],
    forwarded = [],
}: {
    routes?: DumpedRoute[];
    clusters?: DumpedCluster[];
    secrets?: string[];
    warming?: string[];
    forwarded?: { sni: string; cluster: string }[];
}): object {
    const type = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;
    const named = (name: string) => ({ name: `kubernetes://${name}` });
    return {
        configs: [
            {
                "@type": type("RoutesConfigDump"),
                dynamic_route_configs: routes.map(({ host, port, atGateway, cluster, directStatus, identity }) => ({
                    route_config: {
                        name: atGateway ? `https.${port}.https-mesh.egress-gateway.istio-egress` : String(port),
                        virtual_hosts: [
                            {
                                name: `${host}:${port}`,
                                domains: [host, `${host}.`],
                                routes: [
                                    {
                                        match: {
                                            prefix: "/",
                                            ...(identity && {
                                                headers: [
                                                    {
                                                        name: "x-forwarded-client-cert",
                                                        string_match: { safe_regex: { regex: identity } },
                                                    },
                                                ],
                                            }),
                                        },
                                        ...(cluster && { route: { cluster } }),
                                        ...(directStatus && { direct_response: { status: directStatus } }),
                                    },
                                ],
                            },
                        ],
                    },
                })),
            },
            {
                "@type": type("ClustersConfigDump"),
                dynamic_active_clusters: clusters.map(({ name, port = 443, tls, rule }) => ({
                    cluster: {
                        name,
                        ...(tls && {
                            transport_socket: {
                                typed_config: {
                                    "@type":
                                        "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                                    sni: tls.sni,
                                    common_tls_context: {
                                        ...(tls.certificate && {
                                            tls_certificate_sds_secret_configs: [named(tls.certificate)],
                                        }),
                                        ...(tls.ca && {
                                            combined_validation_context: {
                                                validation_context_sds_secret_config: named(tls.ca),
                                            },
                                        }),
                                    },
                                },
                            },
                        }),
                        metadata: {
                            filter_metadata: {
                                istio: {
                                    ...(rule && {
                                        config: `/apis/networking.istio.io/v1/namespaces/istio-egress/destination-rule/${rule}`,
                                    }),
                                },
                            },
                        },
                        load_assignment: {
                            endpoints: [
                                { lb_endpoints: [{ endpoint: { address: { socket_address: { port_value: port } } } }] },
                            ],
                        },
                    },
                })),
            },
            {
                "@type": type("ListenersConfigDump"),
                dynamic_listeners: forwarded.map(({ sni, cluster }) => ({
                    active_state: {
                        listener: {
                            filter_chains: [
                                {
                                    filter_chain_match: { server_names: [sni] },
                                    filters: [{ name: "tcp", typed_config: { cluster } }],
                                },
                            ],
                        },
                    },
                })),
            },
            {
                "@type": type("SecretsConfigDump"),
                dynamic_active_secrets: secrets.map(named),
                dynamic_warming_secrets: warming.map(named),
            },
        ],
    };
}
