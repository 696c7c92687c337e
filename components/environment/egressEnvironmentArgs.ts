import * as pulumi from "@pulumi/pulumi";
import { Pki } from "../../plan/environment/pki";
import { EgressLockdownSettings } from "../egress/egressLockdown";
import { EgressProbeSettings } from "../egress/egressProbe";
import { EgressRouteSettings } from "../egress/egressRoute";
import { EgressGatewaySettings } from "../mesh/egressGateway";
import { ServiceMeshArgs } from "../mesh/serviceMesh";
import { CertManagerSettings } from "../pki/certManagerChain";
import { EgressAlertSettings } from "../observability/egressAlerts";
import { EgressMetricsSettings } from "../observability/egressMetrics";
import { CertificateChainSettings } from "../pki/certificateChain";
import { MtlsServerSettings } from "../upstream/mtlsServer";

/** A route of an environment, with its own client certificate if its mode uses one. */
export interface EnvironmentRoute extends EgressRouteSettings {
    /** Name of the route, its client certificate and its secret. */
    name: string;
    /**
     * Common name in the client certificate, which the partner sees. Default: the route's name.
     *
     * @example "payments.example"
     */
    clientName?: pulumi.Input<string>;
    /**
     * Any text. Changing it reissues the route's client certificate with a new key. Default: none.
     *
     * @example "2026-03 key rotation"
     */
    rotationTrigger?: pulumi.Input<string>;
    /** Your own client certificate, followed by any intermediates, PEM. Default: a certificate from the environment. */
    certificate?: pulumi.Input<string>;
    /** Its private key, PEM without a passphrase. Required with `certificate`. It is always kept as a secret. */
    privateKey?: pulumi.Input<string>;
    /** The CA certificates that issued it, PEM. Used for checks only, not delivered. Default: `serverCa`. */
    clientCa?: pulumi.Input<string>;
    /** Hours before its expiry in which updates refuse it. Default: 168. */
    minRemainingHours?: number;
    /**
     * Revocation lists of every CA in `serverCa`, PEM. Default: none, or the lists of the environment's chain for its
     * own CAs.
     */
    crl?: pulumi.Input<string>;
    /**
     * The CA certificates of the partner's servers, PEM. Required for mutual TLS with hosts outside `server`. Default:
     * the environment's own chain for hosts of `server`, else the CAs of the proxy's image.
     */
    serverCa?: pulumi.Input<string>;
}

export interface EgressEnvironmentArgs {
    /**
     * Istio's control plane. Default: the defaults of `ServiceMesh`.
     *
     * @example { version: "1.31.0", sidecarLogPercent: 10 }
     */
    mesh?: ServiceMeshArgs;
    /**
     * The egress gateway. Default: the defaults of `EgressGateway`.
     *
     * @example { minReplicas: 2, maxReplicas: 4 }
     */
    gateway?: EgressGatewaySettings;
    /**
     * The certificate chain. Default: the defaults of `CertificateChain`.
     *
     * @example { organization: "Example Ltd", leaf: { validityHours: 2160, renewalHours: 720 } }
     */
    certificates?: CertificateChainSettings;
    /** Issuer of the certificates. Default: `pulumi`. */
    pki?: Pki;
    /**
     * Settings of cert-manager, with `pki: "certManager"`. Default: the cert-manager in the cluster.
     *
     * @example { install: true }
     */
    certManager?: CertManagerSettings;
    /**
     * Makes Prometheus scrape the gateway's metrics, optionally with a Grafana dashboard. Default: none.
     *
     * @example { operator: "prometheus", dashboard: true }
     */
    metrics?: EgressMetricsSettings;
    /**
     * Prometheus alerts about calls, the gateway and its certificates. Needs `metrics`, and the Prometheus operator or
     * Azure's managed Prometheus. Default: none.
     *
     * @example { objective: 99.5, quietHours: 4 }
     */
    alerts?: EgressAlertSettings;
    /**
     * An nginx in the cluster that acts as the partner for routes to its hosts. Default: none.
     *
     * @example { hosts: ["mtls.partner.example"] }
     */
    server?: MtlsServerSettings;
    /**
     * Routes to the partners' hosts.
     *
     * @example [{ name: "partner", hosts: ["api.partner.example"], serverCa, allowFrom: [{ namespace: "payments" }] }]
     */
    routes: EnvironmentRoute[];
    /**
     * Namespaces to create for callers, with a sidecar in every pod. Default: none.
     *
     * @example ["payments", "orders"]
     */
    callerNamespaces?: string[];
    /**
     * Lets some namespaces leave the cluster only through the gateway, and creates them. Default: none.
     *
     * @example { namespaces: ["payments"], policyEngine: "cilium", gatewayEgress: [{ range: "203.0.113.0/24" }], imageRegistries: ["registry.example"] }
     */
    lockdown?: EgressLockdownSettings;
    /**
     * Calls the hosts of every route that allows the probe, and fails the update on a wrong answer. Default: no probe.
     *
     * @example { namespace: "payments", serviceAccount: "billing", path: "/health" }
     */
    probe?: EgressProbeSettings;
}
