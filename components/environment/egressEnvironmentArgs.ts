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

/** A route of an environment, with a client certificate of its own where its mode has one. */
export interface EnvironmentRoute extends EgressRouteSettings {
    /** Name of the route, of its client certificate and of its secret. */
    name: string;
    /** Common name in the client certificate, which the partner sees. Default: the route's name. */
    clientName?: pulumi.Input<string>;
    /** Any text; a change of it issues the route's client certificate anew, with a new key. Default: none. */
    rotationTrigger?: pulumi.Input<string>;
    /** A client certificate of your own with any intermediates, PEM. Default: one of the environment's. */
    certificate?: pulumi.Input<string>;
    /** Its private key, PEM without a passphrase. Kept a secret, whether given as one or not. With `certificate`. */
    privateKey?: pulumi.Input<string>;
    /** The CA certificates that issued it, PEM; only checked, not delivered. Default: `serverCa`. */
    clientCa?: pulumi.Input<string>;
    /** Hours before its expiry within which it must have been replaced: an update then refuses it. Default: 168. */
    minRemainingHours?: number;
    /** Revocation lists of every CA in `serverCa`, PEM. Default: none; those of the environment's chain for its own. */
    crl?: pulumi.Input<string>;
    /**
     * The CA certificates of the partner's servers, PEM. Default: the environment's own chain, for hosts of `server`;
     * for others the CAs of the proxy's image in modes that originate simple TLS, and none in those of mutual TLS.
     */
    serverCa?: pulumi.Input<string>;
}

export interface EgressEnvironmentArgs {
    /** Istio's control plane. Default: Istio's own charts, with the defaults of `ServiceMesh`. */
    mesh?: ServiceMeshArgs;
    /** The egress gateway. Default: the gateway's defaults. */
    gateway?: EgressGatewaySettings;
    /** The certificate chain. Default: the chain's defaults. */
    certificates?: CertificateChainSettings;
    /** Who makes and renews the certificates. Default: `pulumi`. */
    pki?: Pki;
    /** The cert-manager that does, with `pki: certManager`. Default: the one that the cluster has. */
    certManager?: CertManagerSettings;
    /** Has Prometheus read the gateway's metrics, with Grafana's dashboard where it is asked for. Default: none. */
    metrics?: EgressMetricsSettings;
    /**
     * Alerts of Prometheus about calls, the gateway and its certificates, on what `metrics` has read; needs the Prometheus operator.
     * Default: none.
     */
    alerts?: EgressAlertSettings;
    /** An nginx in the cluster that stands for the partner of those routes whose hosts it has. Default: none. */
    server?: MtlsServerSettings;
    /** The ways out. */
    routes: EnvironmentRoute[];
    /** Namespaces to create for callers, with a sidecar in every pod. Default: none. */
    callerNamespaces?: string[];
    /** Closes every other way out of some namespaces, which are created with it. Default: none. */
    lockdown?: EgressLockdownSettings;
    /** Calls the first host of every route that allows it, and fails the update on a wrong answer. Default: no probe. */
    probe?: EgressProbeSettings;
}
