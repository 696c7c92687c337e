import pulumi
from pulumi_mesh_egress import AllowedCallerArgs, EgressCredential, EgressRoute, GatewayReferenceArgs

config = pulumi.Config()

# The gateway's service and its Istio Gateway have this name; both are there already.
gateway = GatewayReferenceArgs(gateway_name="egress-gateway", namespace="istio-egress")

credential = EgressCredential(
    "partner",
    gateway=gateway,
    certificate=config.require("clientCertificate"),
    private_key=config.require_secret("clientKey"),
    client_ca=config.require("clientCa"),
    server_ca=config.require("serverCa"),
)

route = EgressRoute(
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

pulumi.export("hosts", route.hosts)
