import * as pulumi from "@pulumi/pulumi";
import { egressAlerts, validateEgressAlerts } from "../../plan/observability/egressAlerts";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";
import { prometheusRule } from "../internal/prometheusRule";
import { CertificateAlertSettings, alertHours, ruleTarget } from "../pki/certificateAlerts";

/** Options of the alerts that do not depend on the gateway. */
export interface EgressAlertSettings extends CertificateAlertSettings {
    /** Percentage of calls to a host that must succeed, from 90 to below 100. Default: 99.9. */
    objective?: number;
    /**
     * Minimum number of failed calls in a window for an alert about failures. It prevents alerts for hosts with few
     * calls. Default: 10.
     */
    leastFailures?: number;
    /**
     * Hours without a call, 1 to 12, after which an alert reports a host that had calls in the last day. Default: 2.
     */
    quietHours?: number;
}

/** What applies where an option is left out. */
export const ALERT_DEFAULTS = {
    objective: 99.9,
    leastFailures: 10,
    quietHours: 2,
} as const satisfies Partial<EgressAlertSettings>;

export interface EgressAlertsArgs extends EgressAlertSettings {
    /** The monitored gateway. */
    gateway: GatewayReference;
}

/**
 * A `PrometheusRule` on a gateway's metrics from `EgressMetrics`. It has alerts for failing calls, by host and in
 * several windows; for a gateway that is not ready or rejects its configuration; for hosts that are no longer called;
 * and all alerts of `CertificateAlerts`, which it replaces. Needs the Prometheus operator or Azure's managed
 * Prometheus. docs/operations.md says what to check first for each alert.
 */
export class EgressAlerts extends pulumi.ComponentResource {
    /** Name of the rule. With `managed`, the names of its rule groups, separated by commas. */
    public readonly ruleName: pulumi.Output<string>;

    constructor(name: string, args: EgressAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressAlerts", name, args);
        const numbers = alertNumbers(args);
        assertValid("EgressAlerts", name, validateEgressAlerts(numbers));
        super("mesh-egress:index:EgressAlerts", name, args, opts);

        this.ruleName = prometheusRule(name, this, args, (known) =>
            egressAlerts({ name, labels: args.labels ?? {}, ...numbers, ...known }),
        );
        this.registerOutputs();
    }
}

/** The numbers with their defaults and the rules' target, in the form of `plan/`. */
export function alertNumbers(args: EgressAlertSettings, isManaged?: boolean) {
    return {
        objective: args.objective ?? ALERT_DEFAULTS.objective,
        leastFailures: args.leastFailures ?? ALERT_DEFAULTS.leastFailures,
        quietHours: args.quietHours ?? ALERT_DEFAULTS.quietHours,
        ...alertHours(args),
        target: ruleTarget(args, isManaged),
    };
}
