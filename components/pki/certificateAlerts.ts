import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { certificateAlerts, validateAlerts } from "../../plan/pki/certificateAlerts";
import { GatewayReference } from "../egress/gatewayReference";
import { assertValid } from "../internal/validation";
import { checkedArguments } from "../internal/checkedArguments";

/** Options of the alerts that do not depend on the gateway. */
export interface CertificateAlertSettings {
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

export interface CertificateAlertsArgs extends CertificateAlertSettings {
    /** The gateway whose credentials are monitored. */
    gateway: GatewayReference;
}

/**
 * A `PrometheusRule` on the certificate metrics of the gateway and istiod. It has alerts for credentials that expire,
 * servers that are refused, and mesh certificates that are not renewed. Needs the Prometheus operator, and metrics with
 * the label `namespace`.
 */
export class CertificateAlerts extends pulumi.ComponentResource {
    /** Name of the rule. */
    public readonly ruleName: pulumi.Output<string>;

    constructor(name: string, args: CertificateAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        args = checkedArguments("CertificateAlerts", name, args);
        const hours = alertHours(args);
        assertValid("CertificateAlerts", name, validateAlerts(hours));
        super("mesh-egress:index:CertificateAlerts", name, args, opts);

        const gatewayNamespace = args.gateway.namespace;
        const { metadata, spec } = pulumi
            .output({ namespace: args.namespace ?? gatewayNamespace, gatewayNamespace })
            .apply((known) => certificateAlerts({ name, labels: args.labels ?? {}, ...hours, ...known }));
        const rule = new CustomResource(
            `${name}-rule`,
            { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata, spec },
            { parent: this },
        );

        this.ruleName = rule.metadata.name;
        this.registerOutputs();
    }
}

/** The hours with their defaults, in the form of `plan/`. */
export function alertHours(args: CertificateAlertSettings) {
    return { warningHours: args.warningHours ?? 720, lastHours: args.lastHours ?? 168 };
}
