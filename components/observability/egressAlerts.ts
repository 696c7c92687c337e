import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { egressAlerts, validateEgressAlerts } from "../../plan/observability/egressAlerts";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";
import { CertificateAlertSettings, alertHours } from "../pki/certificateAlerts";

/** What alerts may be given wherever they are made. */
export interface EgressAlertSettings extends CertificateAlertSettings {
    /** Share of the calls to a host that must not fail, in percent, from 90 to below 100. Default: 99.9. */
    objective?: number;
    /** Failed calls of a window below which no alert about failures fires, for hosts with few calls. Default: 10. */
    leastFailures?: number;
    /** Hours, 1 to 12, without a call after which a host that had calls in the last day is reported. Default: 2. */
    quietHours?: number;
}

export interface EgressAlertsArgs extends EgressAlertSettings {
    /** The gateway that is watched. */
    gateway: GatewayReference;
}

/**
 * A `PrometheusRule` on a gateway's metrics, as `EgressMetrics` has them: calls that fail, by host and in several windows; a gateway that is not
 * ready or rejects its configuration; hosts that nobody calls any more; and all alerts of `CertificateAlerts`, which it replaces. Needs the
 * Prometheus operator. docs/operations.md says what to look at first for each.
 */
export class EgressAlerts extends pulumi.ComponentResource {
    /** Name of the rule. */
    public readonly ruleName: pulumi.Output<string>;

    constructor(name: string, args: EgressAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("EgressAlerts", name, args);
        const numbers = alertNumbers(args);
        assertValid("EgressAlerts", name, validateEgressAlerts(numbers));
        super("mesh-egress:index:EgressAlerts", name, args, opts);

        const gatewayNamespace = args.gateway.namespace;
        const { metadata, spec } = pulumi
            .output({ namespace: args.namespace ?? gatewayNamespace, gatewayNamespace })
            .apply((known) => egressAlerts({ name, labels: args.labels ?? {}, ...numbers, ...known }));
        const rule = new CustomResource(
            `${name}-rule`,
            { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec },
            { parent: this },
        );

        this.ruleName = rule.metadata.name;
        this.registerOutputs();
    }
}

/** The numbers with their defaults, as `plan/` takes them. */
export function alertNumbers(args: EgressAlertSettings) {
    const { objective = 99.9, leastFailures = 10, quietHours = 2 } = args;
    return { objective, leastFailures, quietHours, ...alertHours(args) };
}
