import {
    AlertRule,
    AlertsOptions,
    PrometheusRule,
    alertRule,
    certificateAlerts,
    validateAlerts,
} from "../pki/certificateAlerts";
import { Violation } from "../shared/violation";
import { validateWholeNumber } from "../shared/wholeNumber";
import { queries } from "./queries";
import { RuleTarget, validateRuleTarget } from "./ruleGroups";

/** Thresholds of the alerts. */
export interface AlertNumbers extends Pick<AlertsOptions, "warningHours" | "lastHours"> {
    /** Percentage of calls that must succeed. */
    objective: number;
    /** Minimum number of failed calls in a window for an alert about failures. */
    leastFailures: number;
    /** Hours without a call after which an alert reports a host that had calls. */
    quietHours: number;
}

/** The thresholds, and where the rules go. */
export interface ResolvedAlerts extends AlertNumbers {
    target: RuleTarget;
}

export type EgressAlertsOptions = AlertsOptions & AlertNumbers;

export function validateEgressAlerts(numbers: ResolvedAlerts): Violation[] {
    const { objective, leastFailures, quietHours } = numbers;
    return [
        ...(objective >= 90 && objective < 100
            ? []
            : [
                  {
                      path: "objective",
                      value: objective,
                      problem: "is not a valid objective in percent",
                      expected: "a number from 90 to below 100, such as 99.9",
                      fix: "Correct it",
                  },
              ]),
        ...validateWholeNumber("leastFailures", leastFailures, "is not a number of calls"),
        ...validateWholeNumber("quietHours", quietHours, "is not a number of hours", { most: 12 }),
        ...validateAlerts(numbers),
        ...validateRuleTarget(numbers.target),
    ];
}

/**
 * Pairs of a long and a short window, each with the burn rate that both must exceed. With the first pair, 2 % of a
 * month's error budget is used in an hour. Chapter 5 of Google's Site Reliability Workbook explains the numbers.
 */
const BURN_RATES = [
    { long: "1h", short: "5m", factor: 14.4, severity: "critical" },
    { long: "6h", short: "30m", factor: 6, severity: "critical" },
    { long: "1d", short: "2h", factor: 3, severity: "warning" },
    { long: "3d", short: "6h", factor: 1, severity: "warning" },
] as const;

const RATIO = "egress:failure_ratio:rate";

/** Alerts for a gateway: failing calls, the gateway itself, and its certificates. */
export function egressAlerts(options: EgressAlertsOptions): PrometheusRule {
    const { apiVersion, kind, metadata, spec } = certificateAlerts(options);
    return {
        apiVersion,
        kind,
        metadata,
        spec: { groups: [ratios(options), failures(options), gateway(options), ...spec.groups] },
    };
}

function here({ gatewayNamespace }: AlertsOptions): string {
    return `namespace="${gatewayNamespace}"`;
}

function ratios(options: EgressAlertsOptions) {
    const windows = [...new Set(BURN_RATES.flatMap(({ long, short }) => [short, long]))];
    return {
        name: "mesh-egress-failure-ratios",
        rules: windows.map((window) => ({
            record: `${RATIO}${window}`,
            expr: `${queries.failures(here(options), window)} / (${queries.calls(here(options), window)} > 0)`,
            labels: { namespace: options.gatewayNamespace },
        })),
    };
}

function failures(options: EgressAlertsOptions): { name: string; rules: AlertRule[] } {
    const allowed = (100 - options.objective) / 100;
    return {
        name: "mesh-egress-failures",
        rules: BURN_RATES.map(({ long, short, factor, severity }) => {
            const limit = Number((factor * allowed).toPrecision(6));
            const over = (window: string) => `${RATIO}${window}{${here(options)}} > ${limit}`;
            const failed = `envoy_cluster_upstream_rq{${here(options)},response_code_class="5xx"}`;
            const enough = `sum by (egress_host) (increase(${failed}[${long}])) >= ${options.leastFailures}`;
            const { labels, ...rule } = alertRule(
                "EgressCallsFail",
                `${over(long)} and on (egress_host) ${over(short)} and on (egress_host) ${enough}`,
                "2m",
                severity,
                [
                    "Calls to {{ $labels.egress_host }} fail",
                    `{{ $value | humanizePercentage }} of the calls in the last ${long} failed, and more than ${limit * 100} % of those in the last ${short}.`,
                ],
            );
            // Prometheus treats two rules whose alerts have the same labels as duplicates, and reports an error for
            // each.
            return { ...rule, labels: { ...labels, window: long } };
        }),
    };
}

function gateway(options: EgressAlertsOptions): { name: string; rules: AlertRule[] } {
    const where = here(options);
    const rejected = (metric: string) => `sum by (namespace, pod) (increase(${metric}{${where}}[10m])) > 0`;
    return {
        name: "mesh-egress-gateway",
        rules: [
            alertRule("EgressGatewayNotReady", `absent(envoy_server_live{${where}} == 1)`, "5m", "critical", [
                "No egress gateway is ready",
                "No proxy of the gateway reports that it is live, so every call through the gateway fails.",
            ]),
            alertRule("EgressGatewayStarting", `envoy_server_state{${where}} > 1`, "5m", "warning", [
                "An egress gateway does not finish starting",
                "{{ $labels.pod }} waits for its configuration or a credential.",
            ]),
            alertRule(
                "EgressConfigRejected",
                `${rejected("envoy_cluster_manager_cds_update_rejected")} or ${rejected("envoy_listener_manager_lds_update_rejected")}`,
                "1m",
                "critical",
                [
                    "An egress gateway rejects its configuration",
                    "{{ $labels.pod }} keeps its previous configuration, so later changes of routes, callers and credentials have no effect.",
                ],
            ),
            alertRule(
                "EgressNoTraffic",
                `${queries.calls(where, "1d")} > 0 unless on (egress_host) ${queries.calls(where, `${options.quietHours}h`)} > 0`,
                "5m",
                "warning",
                [
                    "{{ $labels.egress_host }} is no longer called",
                    `There were calls in the last day, but none in the last ${options.quietHours} h.`,
                ],
            ),
        ],
    };
}
