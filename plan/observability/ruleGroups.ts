import { AlertRule, PrometheusRule, RecordingRule } from "../pki/certificateAlerts";
import { Violation } from "../shared/violation";
import { validateResourceId } from "../azure/resourceId";

/** Where the rules of alerts go: a `PrometheusRule` in the cluster, or rule groups of Azure's managed Prometheus. */
export interface RuleTarget {
    isManaged: boolean;
    actionGroupIds: string[];
    /** Names of the given settings. */
    given: string[];
}

/** Refuses settings of the target that the rules do not have. */
export function validateRuleTarget({ isManaged, actionGroupIds, given }: RuleTarget): Violation[] {
    const useless = (path: string, problem: string, fix: string): Violation => ({
        path,
        problem: `has no effect ${problem}`,
        expected: `alerts without ${path}`,
        fix,
    });
    return [
        ...given
            .filter((path) => isManaged && (path === "namespace" || path === "labels"))
            .map((path) =>
                useless(path, "with Azure's managed Prometheus, whose rules are not in the cluster", "Remove it"),
            ),
        ...(!isManaged && actionGroupIds.length > 0
            ? [
                  useless(
                      "actionGroupIds",
                      "without Azure's managed Prometheus: your Alertmanager sends the alerts",
                      "Remove it, or set azure.cluster.managedPrometheus to {}",
                  ),
              ]
            : []),
        ...actionGroupIds.flatMap((id, index) => validateResourceId("actionGroup", `actionGroupIds[${index}]`, id)),
    ];
}

/** Azure's severities. 0 is the most severe. */
const SEVERITIES: Record<AlertRule["labels"]["severity"], number> = { critical: 0, warning: 2 };

/**
 * The groups of a `PrometheusRule` as Azure's rule groups have them: durations in ISO 8601, a severity as a number, and
 * whom an alert notifies (articles/azure-monitor/essentials/prometheus-rule-groups.md of MicrosoftDocs/azure-monitor-docs,
 * dated 2024-11-09, which allows 20 rules in a group).
 */
export function ruleGroups({ spec }: PrometheusRule, actionGroupIds: string[]) {
    return spec.groups.map(({ name, rules }) => ({
        name,
        interval: "PT1M",
        rules: rules.map((rule) => (isAlert(rule) ? managedAlert(rule, actionGroupIds) : managedRecord(rule))),
    }));
}

function isAlert(rule: AlertRule | RecordingRule): rule is AlertRule {
    return "alert" in rule;
}

function managedRecord({ record, expr, labels }: RecordingRule) {
    return { record, expression: expr, labels, enabled: true };
}

function managedAlert({ alert, expr, labels, annotations, for: duration }: AlertRule, actionGroupIds: string[]) {
    return {
        alert,
        expression: expr,
        for: `PT${duration.toUpperCase()}`,
        labels: { ...labels },
        annotations: { ...annotations },
        severity: SEVERITIES[labels.severity],
        enabled: true,
        resolveConfiguration: { autoResolved: true, timeToResolve: "PT10M" },
        actions: actionGroupIds.map((actionGroupId) => ({ actionGroupId })),
    };
}
