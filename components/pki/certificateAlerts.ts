import * as pulumi from "@pulumi/pulumi";
import { RuleTarget, validateRuleTarget } from "../../plan/observability/ruleGroups";
import { certificateAlerts, validateAlerts } from "../../plan/pki/certificateAlerts";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";
import { givenSettings } from "../internal/givenSettings";
import { ManagedRules, prometheusRule } from "../internal/prometheusRule";

/** Options of the alerts that do not depend on the gateway. */
export interface CertificateAlertSettings {
    /**
     * Azure's managed Prometheus, which gets rule groups in place of a `PrometheusRule`. Default: none, or that of
     * `azure.cluster.managedPrometheus`.
     *
     * @example { workspaceId, clusterId, resourceGroupName: "egress", location: "westeurope" }
     */
    managed?: ManagedRules;
    /**
     * Ids of the action groups that Azure notifies, with its managed Prometheus. Default: none; alerts are in the portal.
     *
     * @example ["/subscriptions/<id>/resourceGroups/monitoring/providers/Microsoft.Insights/actionGroups/on-call"]
     */
    actionGroupIds?: string[];
    /** Namespace of the rule, in which your Prometheus looks for rules. Default: the gateway's. */
    namespace?: pulumi.Input<string>;
    /**
     * Labels with which your Prometheus selects its rules. Default: none.
     *
     * @example { release: "prometheus" }
     */
    labels?: Record<string, string>;
    /** Hours before an expiry from which an alert warns. Default: 720, which is 30 days. */
    warningHours?: number;
    /**
     * Hours before an expiry from which an alert is critical. Must be less than `warningHours`. Default: 168, which is
     * 7 days.
     */
    lastHours?: number;
}

/** What applies where an option is left out. */
export const CERTIFICATE_ALERT_DEFAULTS = {
    warningHours: 720,
    lastHours: 168,
} as const satisfies Partial<CertificateAlertSettings>;

export interface CertificateAlertsArgs extends CertificateAlertSettings {
    /** The gateway whose credentials are monitored. */
    gateway: GatewayReference;
}

/**
 * A `PrometheusRule` on the certificate metrics of the gateway and istiod. It has alerts for credentials that expire,
 * servers that are refused, and mesh certificates that are not renewed. Needs the Prometheus operator or Azure's managed
 * Prometheus, and metrics with the label `namespace`.
 */
export class CertificateAlerts extends pulumi.ComponentResource {
    /** Name of the rule. With `managed`, the names of its rule groups, separated by commas. */
    public readonly ruleName: pulumi.Output<string>;

    constructor(name: string, args: CertificateAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("CertificateAlerts", name, args);
        const hours = alertHours(args);
        assertValid("CertificateAlerts", name, [...validateAlerts(hours), ...validateRuleTarget(ruleTarget(args))]);
        super("mesh-egress:index:CertificateAlerts", name, args, opts);

        this.ruleName = prometheusRule(name, this, args, (known) =>
            certificateAlerts({ name, labels: args.labels ?? {}, ...hours, ...known }),
        );
        this.registerOutputs();
    }
}

/** The hours with their defaults, in the form of `plan/`. */
export function alertHours(args: CertificateAlertSettings) {
    return {
        warningHours: args.warningHours ?? CERTIFICATE_ALERT_DEFAULTS.warningHours,
        lastHours: args.lastHours ?? CERTIFICATE_ALERT_DEFAULTS.lastHours,
    };
}

/** Where the rules go. `isManaged` is true for Azure's managed Prometheus, even if its workspace is not known yet. */
export function ruleTarget(args: CertificateAlertSettings, isManaged = args.managed !== undefined): RuleTarget {
    return { isManaged, actionGroupIds: args.actionGroupIds ?? [], given: givenSettings(args) };
}
