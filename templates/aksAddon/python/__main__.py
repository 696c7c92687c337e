import pulumi
from pulumi_mesh_egress import (
    AddonGatewayArgs,
    AllowedCallerArgs,
    EgressEnvironment,
    EgressGatewaySettingsArgs,
    EnvironmentRouteArgs,
    MeshFlavour,
    ServiceMeshArgsArgs,
)

config = pulumi.Config()

environment = EgressEnvironment(
    "egress",
    # Istio is the cluster's managed add-on.
    mesh=ServiceMeshArgsArgs(flavour=MeshFlavour.AKS_ADDON, revision=config.require("revision")),
    gateway=EgressGatewaySettingsArgs(
        addon=AddonGatewayArgs(
            # The cluster's pool of gateway nodes, and the public prefix that it leaves from.
            node_pool="egress",
            egress_prefix_id=config.require("egressPrefixId"),
        ),
    ),
    routes=[
        EnvironmentRouteArgs(
            name="partner",
            hosts=[config.require("host")],
            allow_from=[
                AllowedCallerArgs(
                    namespace=config.require("callerNamespace"),
                    service_accounts=[config.require("callerServiceAccount")],
                )
            ],
            server_ca=config.require("serverCa"),
        )
    ],
)

# What the partner is asked to trust.
pulumi.export("clientCa", environment.client_ca)
