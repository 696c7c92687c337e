import { GatewayLocation } from "../mesh/gateway";
import { panel, row } from "./dashboardPanels";
import { REASONS, queries } from "./queries";

/** Label with which Grafana's sidecar finds dashboards, by default in the Grafana chart. */
export const DASHBOARD_LABELS = { grafana_dashboard: "1" };

const WINDOW = "$__rate_interval";
const HERE = 'namespace="$namespace"';
const OF_HOST = `${HERE},egress_host=~"$host"`;

/** Grafana dashboard of an egress gateway. */
export function dashboard({ name, namespace }: GatewayLocation) {
    const panels = [
        row("Calls", [
            panel("Calls by host", "reqps", [{ expr: queries.calls(OF_HOST, WINDOW), legend: "{{egress_host}}" }]),
            panel("Share of calls that fail", "percentunit", [
                {
                    expr: `${queries.failures(OF_HOST, WINDOW)} / ${queries.calls(OF_HOST, WINDOW)}`,
                    legend: "{{egress_host}}",
                },
            ]),
            panel(
                "Time until the partner's answer",
                "ms",
                [0.5, 0.95, 0.99].map((quantile) => ({
                    expr: queries.latency(quantile, OF_HOST, WINDOW),
                    legend: `{{egress_host}} p${quantile * 100}`,
                })),
            ),
        ]),
        row("Failures", [
            panel(
                "Failures by reason",
                "ops",
                Object.entries(REASONS).map(([reason, metric]) => ({
                    expr: queries.reason(metric, OF_HOST, WINDOW),
                    legend: `{{egress_host}}: ${reason}`,
                })),
            ),
            panel("Calls that were refused", "ops", [
                {
                    expr: `sum by (pod) (rate(envoy_http_rq_direct_response{${HERE}}[${WINDOW}]))`,
                    legend: "{{pod}}: no route allows them",
                },
                {
                    expr: `sum by (pod) (rate(envoy_http_rbac{${HERE},authz_enforce_result="denied"}[${WINDOW}]))`,
                    legend: "{{pod}}: no identity of the mesh",
                },
            ]),
        ]),
        row("Callers", [
            panel("Calls by caller", "reqps", [
                { expr: queries.callsByCaller(OF_HOST, WINDOW), legend: "{{egress_caller}} to {{egress_host}}" },
            ]),
            panel("Failed calls by caller", "reqps", [
                { expr: queries.failuresByCaller(OF_HOST, WINDOW), legend: "{{egress_caller}} to {{egress_host}}" },
            ]),
        ]),
        row("Connections and certificates", [
            panel("Open connections", "short", [
                {
                    expr: `sum by (egress_host) (envoy_cluster_upstream_cx_active{${OF_HOST}})`,
                    legend: "{{egress_host}}",
                },
            ]),
            panel("TLS handshakes", "ops", [
                { expr: queries.reason("ssl_handshake", OF_HOST, WINDOW), legend: "{{egress_host}}" },
            ]),
            panel("Bytes to and from partners", "Bps", [
                { expr: queries.reason("upstream_cx_tx_bytes_total", OF_HOST, WINDOW), legend: "to {{egress_host}}" },
                { expr: queries.reason("upstream_cx_rx_bytes_total", OF_HOST, WINDOW), legend: "from {{egress_host}}" },
            ]),
            panel("Time until a client certificate expires", "s", [
                {
                    expr: `min by (egress_host) ({__name__=~"envoy_cluster_ssl_certificate_kubernetes___.+_expiration_unix_time_seconds",${OF_HOST}}) - time()`,
                    legend: "{{egress_host}}",
                },
            ]),
        ]),
        row("The gateway", [
            panel("Pods that are live", "short", [{ expr: `sum(envoy_server_live{${HERE}})`, legend: "live" }]),
            panel("Memory of the proxy", "bytes", [
                { expr: `envoy_server_memory_allocated{${HERE}}`, legend: "{{pod}}" },
            ]),
            panel("Configuration that was rejected", "short", [
                {
                    expr: `sum by (pod) (increase(envoy_cluster_manager_cds_update_rejected{${HERE}}[10m]) + increase(envoy_listener_manager_lds_update_rejected{${HERE}}[10m]))`,
                    legend: "{{pod}}",
                },
            ]),
        ]),
    ];
    return {
        title: `Egress gateway ${name}`,
        uid: `mesh-egress-${namespace}-${name}`.slice(0, 40),
        schemaVersion: 39,
        editable: true,
        timezone: "browser",
        time: { from: "now-6h", to: "now" },
        refresh: "1m",
        tags: ["mesh-egress", "istio"],
        templating: {
            list: [
                { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus" },
                { name: "namespace", label: "Namespace", type: "constant", query: namespace, hide: 2 },
                {
                    name: "host",
                    label: "Host",
                    type: "query",
                    datasource: { type: "prometheus", uid: "${datasource}" },
                    query: `label_values(envoy_cluster_upstream_cx_total{namespace="${namespace}"}, egress_host)`,
                    refresh: 2,
                    multi: true,
                    includeAll: true,
                    allValue: ".*",
                },
            ],
        },
        panels: placed(panels),
    };
}

const COLUMNS = 24;
const PANEL_HEIGHT = 8;

/** The panels with their positions. The panels of a row share its width. */
function placed(rows: ReturnType<typeof row>[]) {
    let id = 0;
    return rows.flatMap(({ title, panels }, index) => {
        const y = index * (PANEL_HEIGHT + 1);
        const w = Math.floor(COLUMNS / panels.length);
        return [
            { id: ++id, type: "row", title, collapsed: false, panels: [], gridPos: { x: 0, y, w: COLUMNS, h: 1 } },
            ...panels.map((one, column) => ({
                id: ++id,
                ...one,
                gridPos: { x: column * w, y: y + 1, w, h: PANEL_HEIGHT },
            })),
        ];
    });
}
