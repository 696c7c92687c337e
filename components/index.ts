export {
    AksCluster,
    AksClusterArgs,
    ApiServerAccess,
    ClusterTier,
    ClusterUpgradeChannel,
    KubeconfigLogin,
    MaintenanceWindow,
    MeshAddon,
    NetworkPolicyEngine,
    NodeOsUpgradeChannel,
    NodePool,
    UserNodePool,
} from "./azure/aksCluster";
export { DnsZone, DnsZoneArgs, HostRecord } from "./azure/dnsZone";
export { EgressNetwork, EgressNetworkArgs, OutboundControl, NetworkSubnets } from "./azure/egressNetwork";
export { MachineAddress, MtlsServerVm, MtlsServerVmArgs } from "./azure/mtlsServerVm";
export {
    EgressLockdown,
    EgressLockdownArgs,
    EgressLockdownSettings,
    GatewayDestination,
    LockdownMesh,
    PolicyEngine,
    RouteCallers,
} from "./egress/egressLockdown";
export {
    AllowedCaller,
    CredentialSource,
    EgressMode,
    EgressPort,
    EgressRoute,
    EgressRouteArgs,
    EgressRouteSettings,
    GatewayTransport,
    MeshPolicy,
    PortProtocol,
    RouteVisibility,
    WorkloadCredential,
} from "./egress/egressRoute";
export { EgressProbe, EgressProbeArgs, EgressProbeSettings } from "./egress/egressProbe";
export { GatewayReference } from "./egress/gatewayReference";
export { EgressEnvironment } from "./environment/egressEnvironment";
export { EgressEnvironmentArgs, EnvironmentRoute, Pki } from "./environment/egressEnvironmentArgs";
export {
    AddonGateway,
    EgressGateway,
    EgressGatewayArgs,
    EgressGatewaySettings,
    GatewayToleration,
    MeshReference,
} from "./mesh/egressGateway";
export { IstioCharts, MeshFlavour, ServiceMesh, ServiceMeshArgs } from "./mesh/serviceMesh";
export { CertManagerChain, CertManagerChainArgs, CertManagerClient, CertManagerSettings } from "./pki/certManagerChain";
export { CertificateAlertSettings, CertificateAlerts, CertificateAlertsArgs } from "./pki/certificateAlerts";
export {
    CertificateChain,
    CertificateChainArgs,
    CertificateChainSettings,
    CertificateLifetime,
    ClientCertificate,
    KeyAlgorithm,
    RevokedCertificate,
} from "./pki/certificateChain";
export { CredentialWorkload, EgressCredential, EgressCredentialArgs, SecretFormat } from "./pki/egressCredential";
export { MtlsServer, MtlsServerArgs, MtlsServerSettings } from "./upstream/mtlsServer";
export { CertificateDetails } from "../plan/pki/certificateDetails";
