import pulumi
from pulumi_mesh_egress import (
    AllowedCallerArgs,
    CertificateChain,
    ClientCertificateArgs,
    EgressCredential,
    EgressGateway,
    EgressRoute,
    GatewayReferenceArgs,
    MeshReferenceArgs,
    ServiceMesh,
)

config = pulumi.Config()

mesh = ServiceMesh("mesh")
egress = EgressGateway(
    "egress",
    mesh=MeshReferenceArgs(
        namespace=mesh.namespace,
        trust_domain=mesh.trust_domain,
        gateway_chart=mesh.gateway_chart,
        chart_repository=mesh.chart_repository,
        chart_version=mesh.chart_version,
    ),
)
gateway = GatewayReferenceArgs(
    gateway_name=egress.gateway_name,
    namespace=egress.namespace,
    trust_domain=egress.trust_domain,
)

# A client certificate of our own authority, which the partner is asked to trust: the output below.
chain = CertificateChain("chain", organization="Example", clients=[ClientCertificateArgs(name="partner")])
credential = EgressCredential(
    "partner",
    gateway=gateway,
    certificate=chain.client_certificates["partner"],
    private_key=chain.client_keys["partner"],
    client_ca=chain.ca_certificates,
    server_ca=config.require("serverCa"),
)

EgressRoute(
    "partner",
    gateway=gateway,
    credential=credential.secret_name,
    hosts=[config.require("host")],
    allow_from=[
        AllowedCallerArgs(
            namespace=config.require("callerNamespace"),
            service_accounts=[config.require("callerServiceAccount")],
        )
    ],
)

pulumi.export("clientCa", chain.ca_certificates)
