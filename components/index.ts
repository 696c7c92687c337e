export { AksCluster, AksClusterArgs, MeshAddon } from "./azure/aksCluster";
export { DnsZone, DnsZoneArgs, HostRecord } from "./azure/dnsZone";
export { EgressNetwork, EgressNetworkArgs } from "./azure/egressNetwork";
export { MachineAddress, MtlsServerVm, MtlsServerVmArgs } from "./azure/mtlsServerVm";
export {
    EgressLockdown,
    EgressLockdownArgs,
    EgressLockdownSettings,
    LockdownMesh,
    RouteCallers,
} from "./egress/egressLockdown";
export {
    EgressRoute,
    EgressRouteArgs,
    EgressRouteSettings,
    MeshPolicy,
    WorkloadCredential,
} from "./egress/egressRoute";
export { EgressProbe, EgressProbeArgs, EgressProbeSettings } from "./egress/egressProbe";
export { GatewayReference } from "./egress/gatewayReference";
export { AksEgressEnvironment, AksEgressEnvironmentArgs } from "./environment/aksEgressEnvironment";
export { EgressEnvironment } from "./environment/egressEnvironment";
export { EgressEnvironmentArgs, EnvironmentRoute } from "./environment/egressEnvironmentArgs";
export {
    AddonGateway,
    EgressGateway,
    EgressGatewayArgs,
    EgressGatewaySettings,
    MeshReference,
} from "./mesh/egressGateway";
export { ServiceMesh, ServiceMeshArgs } from "./mesh/serviceMesh";
export { EgressAlertSettings, EgressAlerts, EgressAlertsArgs } from "./observability/egressAlerts";
export { EgressMetrics, EgressMetricsArgs, EgressMetricsSettings } from "./observability/egressMetrics";
export { CertManagerChain, CertManagerChainArgs, CertManagerClient, CertManagerSettings } from "./pki/certManagerChain";
export { CertificateAlertSettings, CertificateAlerts, CertificateAlertsArgs } from "./pki/certificateAlerts";
export {
    CertificateChain,
    CertificateChainArgs,
    CertificateChainSettings,
    ClientCertificate,
} from "./pki/certificateChain";
export { CredentialWorkload, EgressCredential, EgressCredentialArgs } from "./pki/egressCredential";
export { MtlsServer, MtlsServerArgs, MtlsServerSettings } from "./upstream/mtlsServer";
export { CertificateDetails } from "../plan/pki/certificateDetails";
export { CertificateChainOptions, CertificateLifetime } from "../plan/pki/chain";
export { RevokedCertificate } from "../plan/pki/revocation";
export { AllowedCaller } from "../plan/shared/caller";
export { EgressGatewayOptions, GatewayToleration } from "../plan/mesh/gatewayOptions";
export { IpFamilies } from "../plan/mesh/ipFamilies";
export { IstioCharts, ServiceMeshOptions } from "../plan/mesh/meshOptions";
export { MeshFlavour } from "../plan/mesh/meshFlavour";
export { AuditDestination, AuditLogOptions } from "../plan/observability/auditLog";
export { MetricsOperator } from "../plan/observability/scrape";
export { TracingOptions } from "../plan/observability/tracing";
export { CollectorOptions } from "../plan/observability/collector";
export { Pki } from "../plan/environment/pki";
export { KeyAlgorithm } from "../plan/pki/keyAlgorithm";
export { SecretFormat } from "../plan/pki/secretFormat";
export {
    CredentialSource,
    EgressMode,
    EgressPort,
    EgressRouteOptions,
    GatewayTransport,
    PortProtocol,
    RouteVisibility,
} from "../plan/egress/route/options";
export {
    EgressLockdownOptions,
    GatewayDestination,
    InClusterDestination,
    MetricsScraper,
} from "../plan/egress/lockdown/options";
export { ClusterPolicy } from "../plan/egress/lockdown/clusterPolicy";
export { PolicyEngine } from "../plan/egress/lockdown/policyEngine";
export { ServiceType } from "../plan/egress/lockdown/serviceType";
export { OutboundControl } from "../plan/azure/outboundControl";
export { EgressNetworkOptions, NetworkSubnets } from "../plan/azure/networkOptions";
export { AksOptions, AksPartner } from "../plan/environment/aksOptions";
export {
    AksClusterOptions,
    ApiServerAccess,
    AksPolicyEngine,
    KubeconfigLogin,
    ClusterUpgradeChannel,
    NodeOsUpgradeChannel,
    ClusterTier,
    MaintenanceWindow,
    MeshAddonOptions,
    NodePool,
    UserNodePool,
} from "../plan/azure/clusterOptions";
