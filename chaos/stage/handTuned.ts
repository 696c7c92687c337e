import { stringify } from "yaml";
import { AnyObject } from "../../lab/proof/cluster";
import { PARTNER, PartnerPki } from "../partner/partner";
import { HAND, HAND_HOST, HAND_PORT, PARTNER_SERVICE } from "./places";

const FILES = "/etc/egress";
const ADMIN = "127.0.0.1:15000";
/** Pods that end answer for so long that callers go elsewhere, and take no new connections after it. */
const DRAIN_SECONDS = 10;

/**
 * What somebody who knows Envoy writes by hand, without a mesh: two replicas behind a Service that take plain HTTP and
 * originate mutual TLS, with the timeouts and retries that this package has as defaults, outlier detection, and a hook that drains.
 */
export function handTuned(image: string, { ca, client }: PartnerPki): AnyObject[] {
    const { name, namespace } = HAND;
    const metadata = { name, namespace };
    const labels = { app: name };
    const stringData = {
        "envoy.yaml": stringify(bootstrap()),
        "client.crt": client.certificate,
        "client.key": client.privateKey,
        "ca.crt": ca.certificate,
    };
    const drain = [
        `curl -s -X POST http://${ADMIN}/healthcheck/fail`,
        `sleep ${DRAIN_SECONDS}`,
        `curl -s -X POST "http://${ADMIN}/drain_listeners?graceful&skip_exit"`,
        "sleep 5",
    ].join("; ");
    return [
        {
            apiVersion: "v1",
            kind: "Namespace",
            metadata: { name: namespace, labels: { "istio-injection": "disabled" } },
        },
        { apiVersion: "v1", kind: "Secret", metadata, stringData },
        {
            apiVersion: "v1",
            kind: "Service",
            metadata,
            spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: HAND_PORT }] },
        },
        {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata,
            spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
        },
        {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata,
            spec: {
                replicas: 2,
                selector: { matchLabels: labels },
                strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
                template: {
                    metadata: { labels },
                    spec: {
                        terminationGracePeriodSeconds: 30,
                        // Else Envoy is its container's first process, which no signal from inside can kill.
                        shareProcessNamespace: true,
                        containers: [
                            {
                                name: "envoy",
                                image,
                                imagePullPolicy: "IfNotPresent",
                                command: ["envoy"],
                                args: [
                                    ...["--config-path", `${FILES}/envoy.yaml`, "--concurrency", "2"],
                                    ...["--drain-time-s", "5", "--drain-strategy", "immediate"],
                                ],
                                resources: { requests: { cpu: "10m", memory: "40Mi" } },
                                readinessProbe: { httpGet: { path: "/ready", port: HAND_PORT }, periodSeconds: 1 },
                                lifecycle: { preStop: { exec: { command: ["sh", "-c", drain] } } },
                                volumeMounts: [{ name: "files", mountPath: FILES, readOnly: true }],
                            },
                        ],
                        volumes: [{ name: "files", secret: { secretName: name } }],
                    },
                },
            },
        },
    ];
}

const type = (name: string) => `type.googleapis.com/envoy.extensions.${name}`;
const file = (name: string) => ({ filename: `${FILES}/${name}` });

function bootstrap() {
    const [address, port_value] = ADMIN.split(":");
    return {
        admin: { address: { socket_address: { address, port_value: Number(port_value) } } },
        static_resources: { listeners: [listener()], clusters: [partner()] },
    };
}

function listener() {
    const healthCheck = {
        name: "envoy.filters.http.health_check",
        typed_config: {
            "@type": type("filters.http.health_check.v3.HealthCheck"),
            pass_through_mode: false,
            headers: [{ name: ":path", string_match: { exact: "/ready" } }],
        },
    };
    const router = {
        name: "envoy.filters.http.router",
        typed_config: { "@type": type("filters.http.router.v3.Router") },
    };
    const route = {
        cluster: "partner",
        host_rewrite_literal: HAND_HOST,
        timeout: "300s",
        retry_policy: {
            retry_on: "connect-failure,refused-stream,reset-before-request",
            num_retries: 2,
            retry_host_predicate: [
                {
                    name: "envoy.retry_host_predicates.previous_hosts",
                    typed_config: { "@type": type("retry.host.previous_hosts.v3.PreviousHostsPredicate") },
                },
            ],
            host_selection_retry_max_attempts: 3,
        },
    };
    return {
        name: "calls",
        address: { socket_address: { address: "0.0.0.0", port_value: HAND_PORT } },
        filter_chains: [
            {
                filters: [
                    {
                        name: "envoy.filters.network.http_connection_manager",
                        typed_config: {
                            "@type": type("filters.network.http_connection_manager.v3.HttpConnectionManager"),
                            stat_prefix: "calls",
                            http_filters: [healthCheck, router],
                            route_config: {
                                virtual_hosts: [
                                    { name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route }] },
                                ],
                            },
                        },
                    },
                ],
            },
        ],
    };
}

function partner() {
    return {
        name: "partner",
        cluster_type: {
            name: "envoy.cluster.dns",
            typed_config: {
                "@type": type("clusters.dns.v3.DnsCluster"),
                dns_refresh_rate: "5s",
                respect_dns_ttl: true,
            },
        },
        connect_timeout: "5s",
        load_assignment: {
            cluster_name: "partner",
            endpoints: [
                {
                    lb_endpoints: [
                        {
                            endpoint: {
                                address: {
                                    socket_address: { address: PARTNER_SERVICE, port_value: PARTNER.port },
                                },
                            },
                        },
                    ],
                },
            ],
        },
        outlier_detection: {
            split_external_local_origin_errors: true,
            consecutive_local_origin_failure: 3,
            enforcing_consecutive_5xx: 0,
            enforcing_consecutive_gateway_failure: 0,
            enforcing_success_rate: 0,
            base_ejection_time: "10s",
            max_ejection_percent: 50,
        },
        upstream_connection_options: {
            tcp_keepalive: { keepalive_time: 60, keepalive_interval: 15, keepalive_probes: 3 },
        },
        typed_extension_protocol_options: {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": type("upstreams.http.v3.HttpProtocolOptions"),
                common_http_protocol_options: { idle_timeout: "55s" },
                explicit_http_config: { http_protocol_options: {} },
            },
        },
        transport_socket: {
            name: "envoy.transport_sockets.tls",
            typed_config: {
                "@type": type("transport_sockets.tls.v3.UpstreamTlsContext"),
                sni: HAND_HOST,
                common_tls_context: {
                    tls_certificates: [{ certificate_chain: file("client.crt"), private_key: file("client.key") }],
                    validation_context: {
                        trusted_ca: file("ca.crt"),
                        match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: HAND_HOST } }],
                    },
                },
            },
        },
    };
}
