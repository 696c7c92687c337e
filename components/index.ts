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
    GatewayLeg,
    MeshPolicy,
    PortProtocol,
    RouteVisibility,
    WorkloadCredential,
} from "./egress/egressRoute";
export { EgressProbe, EgressProbeArgs, EgressProbeSettings } from "./egress/egressProbe";
export { GatewayReference } from "./egress/gatewayReference";
export { CertificateSettings, EgressEnvironment, EgressEnvironmentArgs, EnvironmentRoute } from "./egressEnvironment";
export {
    EgressGateway,
    EgressGatewayArgs,
    EgressGatewaySettings,
    GatewayToleration,
    MeshReference,
} from "./mesh/egressGateway";
export { IstioCharts, ServiceMesh, ServiceMeshArgs } from "./mesh/serviceMesh";
export {
    CertificateChain,
    CertificateChainArgs,
    CertificateLifetime,
    ClientCertificate,
    KeyAlgorithm,
} from "./pki/certificateChain";
export { CredentialWorkload, EgressCredential, EgressCredentialArgs, SecretFormat } from "./pki/egressCredential";
export { MtlsServer, MtlsServerArgs, MtlsServerSettings } from "./upstream/mtlsServer";
