import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";

export interface AlertsOptions {
    name: string;
    /** Namespace and labels with which Prometheus finds the rules. */
    namespace: string;
    labels: Record<string, string>;
    gatewayNamespace: string;
    warningHours: number;
    lastHours: number;
}

export interface PrometheusRule {
    apiVersion: string;
    kind: "PrometheusRule";
    metadata: { name: string; namespace: string; labels: Record<string, string> };
    spec: { groups: { name: string; rules: (AlertRule | RecordingRule)[] }[] };
}

/** A query whose result is recorded under a name. */
export interface RecordingRule {
    record: string;
    expr: string;
    labels: Record<string, string>;
}

export interface AlertRule {
    alert: string;
    expr: string;
    for: string;
    labels: { severity: "warning" | "critical"; window?: string };
    annotations: { summary: string; description: string };
}

export function validateAlerts({
    warningHours,
    lastHours,
}: Pick<AlertsOptions, "warningHours" | "lastHours">): Violation[] {
    const violations = [
        ...validateWholeNumber("warningHours", warningHours, "is not a number of hours"),
        ...validateWholeNumber("lastHours", lastHours, "is not a number of hours"),
    ];
    if (violations.length === 0 && lastHours >= warningHours) {
        violations.push({
            path: "lastHours",
            value: lastHours,
            problem: `is not less than warningHours (${warningHours}), so the warning would come after the critical alert`,
            expected: "less than warningHours",
            fix: "Lower it, or raise warningHours",
        });
    }
    return violations;
}

/** Alerts on the certificate metrics of the gateway's proxies and istiod. */
export function certificateAlerts(request: AlertsOptions): PrometheusRule {
    const { name, namespace, labels, warningHours, lastHours } = request;
    const here = `namespace="${request.gatewayNamespace}"`;
    // The metric's name contains the name of the secret. An aggregation drops the metric's name, without which the
    // subtraction would fail.
    const credentials = `{__name__=~"envoy_cluster_ssl_certificate_kubernetes___.+_expiration_unix_time_seconds",${here}}`;
    const left = `min by (namespace, cluster_name) (${credentials}) - time()`;
    const about = "{{ $labels.cluster_name }}";
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name, namespace, labels },
        spec: {
            groups: [
                {
                    name: "mesh-egress-certificates",
                    rules: [
                        alertRule("EgressCredentialExpiresSoon", `${left} < ${warningHours * 3600}`, "1h", "warning", [
                            `A certificate for ${about} expires soon`,
                            "Less than {{ $value | humanizeDuration }} is left. Run pulumi up if the stack issues it; otherwise renew the certificate that the stack was given.",
                        ]),
                        alertRule("EgressCredentialExpires", `${left} < ${lastHours * 3600}`, "5m", "critical", [
                            `A certificate for ${about} was not renewed`,
                            "In less than {{ $value | humanizeDuration }}, the partner will refuse every call.",
                        ]),
                        alertRule(
                            "EgressServerRefused",
                            ["error", "san"]
                                .map((reason) => `envoy_cluster_ssl_fail_verify_${reason}{${here}}`)
                                .map((metric) => `sum by (namespace, cluster_name) (increase(${metric}[10m])) > 0`)
                                .join(" or "),
                            "1m",
                            "critical",
                            [
                                `The gateway refuses the server of ${about}`,
                                "Its certificate has expired, is revoked, has the wrong names, or is from a CA that is not in the credential.",
                            ],
                        ),
                        alertRule(
                            "MeshCertificateNotRenewed",
                            `istio_agent_cert_expiry_seconds{${here}} < 3600`,
                            "5m",
                            "critical",
                            [
                                "The gateway's mesh certificate was not renewed",
                                "Callers will be refused within the hour. Check that istiod is running.",
                            ],
                        ),
                        alertRule(
                            "MeshRootExpiresSoon",
                            `citadel_server_root_cert_expiry_timestamp - time() < ${warningHours * 3600}`,
                            "1h",
                            "warning",
                            [
                                "The mesh's root certificate expires soon",
                                "Rotate istiod's CA, or every workload will be refused once it expires.",
                            ],
                        ),
                    ],
                },
            ],
        },
    };
}

/** An alert with its summary and description. */
export function alertRule(
    alert: string,
    expr: string,
    duration: string,
    severity: "warning" | "critical",
    [summary, description]: [string, string],
): AlertRule {
    return { alert, expr, for: duration, labels: { severity }, annotations: { summary, description } };
}
